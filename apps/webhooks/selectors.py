"""Reads of webhooks and deliveries."""

import uuid
from collections.abc import Collection

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from accounts.models import User
from gallery.selectors import get_by_id
from webhooks import policies
from webhooks.models import Delivery, DeliveryState, Webhook


def select_webhooks(user: User) -> QuerySet[Webhook]:
    """Return the webhooks of `user`, newest first."""
    return policies.webhooks_visible_to(user).order_by("-created_at", "id")


def get_webhook(user: User, webhook_id: uuid.UUID | str) -> Webhook:
    """Return the webhook; raise NotThere when it does not belong to `user`."""
    return get_by_id(select_webhooks(user), webhook_id, "webhook")


def select_deliveries(webhook: Webhook) -> QuerySet[Delivery]:
    """Return all deliveries to the webhook, newest first."""
    return Delivery.objects.filter(webhook=webhook).order_by("-created_at", "id")


def get_delivery(user: User, delivery_id: uuid.UUID | str) -> Delivery:
    """Return the delivery with its webhook; raise NotThere when it does not belong to `user`."""
    deliveries = policies.deliveries_visible_to(user).select_related("webhook")
    return get_by_id(deliveries, delivery_id, "delivery")


def select_listening_webhooks(albums: Collection[uuid.UUID]) -> QuerySet[Webhook]:
    """Return the active webhooks whose owners may see one of the albums.

    A webhook appears once for each such album, which is its attribute `visible_album`.
    """
    return Webhook.objects.filter(
        is_active=True, owner__is_active=True, owner__album_memberships__album__in=albums
    ).annotate(visible_album=F("owner__album_memberships__album_id"))


def select_due_deliveries() -> QuerySet[Delivery]:
    """Return the deliveries whose time has come and whose webhook is active."""
    return Delivery.objects.filter(
        state=DeliveryState.QUEUED,
        next_try_at__lte=timezone.now(),
        webhook__is_active=True,
        webhook__owner__is_active=True,
    )


def choose_fair_batch(most: int, *, most_per_webhook: int) -> list[uuid.UUID]:
    """Return the ids of up to `most` due deliveries, at most `most_per_webhook` for each webhook.

    The first delivery of every webhook comes before the second delivery of any webhook.
    """
    place = Window(RowNumber(), partition_by="webhook", order_by=["next_try_at", "id"])
    ranked = select_due_deliveries().annotate(place=place).filter(place__lte=most_per_webhook)
    return list(ranked.order_by("place", "next_try_at", "id").values_list("pk", flat=True)[:most])
