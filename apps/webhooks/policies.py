"""Who may see and change webhooks: only their owner. All others get 404."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import User
from webhooks.models import Delivery, Webhook

Someone = User | AnonymousUser


def webhooks_visible_to(user: Someone) -> QuerySet[Webhook]:
    """Return the webhooks that `user` owns."""
    if not user.is_authenticated:
        return Webhook.objects.none()
    return Webhook.objects.filter(owner=user)


def deliveries_visible_to(user: Someone) -> QuerySet[Delivery]:
    """Return the deliveries to the webhooks that `user` owns."""
    if not user.is_authenticated:
        return Delivery.objects.none()
    return Delivery.objects.filter(webhook__owner=user)
