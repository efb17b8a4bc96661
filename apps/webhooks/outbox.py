"""The outbox: deliveries are written in the transaction of the event, so that none is lost."""

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from jobs.wakeups import send_wakeup_on_commit
from webhooks.models import PING, Delivery, Webhook
from webhooks.selectors import select_listening_webhooks
from webhooks.wakeups import SEND_WEBHOOKS


@dataclass(frozen=True)
class Occurrence:
    """Something that happened in an album.

    Attributes:
        event: the name of an Event.
        album_id: the album.
        describe: returns the event's `data`: ids and URLs. Called only if a webhook subscribes.
    """

    event: str
    album_id: uuid.UUID
    describe: Callable[[], Mapping[str, object]]


def record(occurrences: Sequence[Occurrence]) -> None:
    """Queue a delivery for each webhook that an event matches, in the caller's transaction."""
    albums = {occurrence.album_id for occurrence in occurrences}
    webhooks = list(select_listening_webhooks(albums)) if albums else []
    deliveries = [
        _build_delivery(webhook, occurrence.event, occurrence.describe())
        for occurrence in occurrences
        for webhook in webhooks
        if _is_subscribed(webhook, occurrence)
    ]
    if deliveries:
        Delivery.objects.bulk_create(deliveries, batch_size=500)
        send_wakeup_on_commit(SEND_WEBHOOKS)


def record_ping(webhook: Webhook) -> Delivery:
    """Queue a `ping` for this webhook, in the caller's transaction."""
    delivery = _build_delivery(webhook, PING, {"webhook": str(webhook.pk)})
    delivery.save(force_insert=True)
    send_wakeup_on_commit(SEND_WEBHOOKS)
    return delivery


def _is_subscribed(webhook: Webhook, occurrence: Occurrence) -> bool:
    is_visible = getattr(webhook, "visible_album", None) == occurrence.album_id
    is_album_selected = webhook.album_id in (None, occurrence.album_id)
    return is_visible and is_album_selected and occurrence.event in webhook.events


def _build_delivery(webhook: Webhook, event: str, data: Mapping[str, object]) -> Delivery:
    now = timezone.now()
    body = {"type": event, "timestamp": now.isoformat().replace("+00:00", "Z"), "data": data}
    return Delivery(
        webhook=webhook,
        event=event,
        body=json.dumps(body, separators=(",", ":"), ensure_ascii=False),
        next_try_at=now,
    )
