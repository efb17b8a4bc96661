"""Who may see and steer webhooks: their owner alone. Everybody else gets 404."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import User
from webhooks.models import Delivery, Webhook

Someone = User | AnonymousUser


def webhooks_visible_to(user: Someone) -> QuerySet[Webhook]:
    """The webhooks of `user`."""
    if not user.is_authenticated:
        return Webhook.objects.none()
    return Webhook.objects.filter(owner=user)


def deliveries_visible_to(user: Someone) -> QuerySet[Delivery]:
    """What was sent to the webhooks of `user`."""
    if not user.is_authenticated:
        return Delivery.objects.none()
    return Delivery.objects.filter(webhook__owner=user)
