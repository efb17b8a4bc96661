"""Deliveries are written where the event happens, in its transaction; so none is lost."""

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from jobs.wakeups import send_wakeup_on_commit
from webhooks.models import PING, Delivery, Webhook
from webhooks.selectors import webhooks_listening
from webhooks.wakeups import SEND_WEBHOOKS


@dataclass(frozen=True)
class Occurrence:
    """Something that happened in an album: an Event's name, and what tells ids and paths of it."""

    event: str
    album_id: uuid.UUID
    describe: Callable[[], Mapping[str, object]]


def record(occurrences: Sequence[Occurrence]) -> None:
    """Queue each for every webhook that wants it; runs in the caller's transaction."""
    albums = {each.album_id for each in occurrences}
    listening = list(webhooks_listening(albums)) if albums else []
    fresh = [
        _delivery(webhook, each.event, each.describe())
        for each in occurrences
        for webhook in listening
        if _wants(webhook, each)
    ]
    if fresh:
        Delivery.objects.bulk_create(fresh, batch_size=500)
        send_wakeup_on_commit(SEND_WEBHOOKS)


def record_ping(webhook: Webhook) -> Delivery:
    """Queue a `ping` for this webhook; runs in the caller's transaction."""
    delivery = _delivery(webhook, PING, {"webhook": str(webhook.pk)})
    delivery.save(force_insert=True)
    send_wakeup_on_commit(SEND_WEBHOOKS)
    return delivery


def _wants(webhook: Webhook, occurrence: Occurrence) -> bool:
    hears = getattr(webhook, "heard_album", None) == occurrence.album_id
    is_of_album = webhook.album_id in (None, occurrence.album_id)
    return hears and is_of_album and occurrence.event in webhook.events


def _delivery(webhook: Webhook, event: str, data: Mapping[str, object]) -> Delivery:
    now = timezone.now()
    body = {"type": event, "timestamp": now.isoformat().replace("+00:00", "Z"), "data": data}
    return Delivery(
        webhook=webhook,
        event=event,
        body=json.dumps(body, separators=(",", ":"), ensure_ascii=False),
        next_try_at=now,
    )
