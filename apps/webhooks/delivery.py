"""The work: claim what is due, send it, keep what came of it, and try again later."""

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from jobs.leases import NO_LEASE, has_expired, new_lease, select_held
from jobs.wakeups import send_wakeup
from webhooks.addresses import receivers_policy
from webhooks.backoff import next_try
from webhooks.models import Delivery, DeliveryState, DisabledReason, Webhook
from webhooks.selectors import deliveries_due, fairest_due
from webhooks.sending import Message, Outcome, Sender
from webhooks.services import valid_secrets, webhook_disable
from webhooks.signing import signed_headers
from webhooks.wakeups import SEND_WEBHOOKS

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 20
MOST_A_WEBHOOK = 4
LEASE_SECONDS = 60.0
"""A batch takes 10 s at most; a worker that holds a row for longer is gone."""
KEPT = timedelta(days=30)
MOST_TRIES_KEPT = 20
GONE = 410


def send_due(sender: Sender | None = None) -> int:
    """Send a batch of what is due, all at once; returns how many. Rings again while more is due."""
    claimed = deliveries_claim()
    if claimed:
        sender = sender or Sender(receivers_policy())
        outcomes = sender.send_all([_message(delivery) for delivery in claimed])
        for delivery, outcome in zip(claimed, outcomes, strict=True):
            _keep(delivery, outcome)
        if deliveries_due().exists():
            send_wakeup(SEND_WEBHOOKS)
    return len(claimed)


@transaction.atomic
def deliveries_claim() -> list[Delivery]:
    """Take the fairest that are due; whatever another worker takes at this moment is its own."""
    candidates = fairest_due(MOST_AT_ONCE, most_a_webhook=MOST_A_WEBHOOK)
    queued = Delivery.objects.filter(pk__in=candidates, state=DeliveryState.QUEUED)
    # SQLite knows no such lock and needs none: it has one writer at a time.
    free = list(queued.select_for_update(skip_locked=True).values_list("pk", flat=True))
    lease = new_lease(LEASE_SECONDS)
    queued.filter(pk__in=free).update(
        state=DeliveryState.SENDING,
        attempt=F("attempt") + 1,
        first_tried_at=Coalesce("first_tried_at", Value(timezone.now())),
        **lease,
    )
    ours = Delivery.objects.filter(pk__in=free, lease_id=lease["lease_id"])
    return list(ours.select_related("webhook__owner"))


def sweep_deliveries() -> None:
    """Queue again what a worker held that is gone, and ring while anything is due."""
    lost = Delivery.objects.filter(has_expired(), state=DeliveryState.SENDING)
    released = lost.update(state=DeliveryState.QUEUED, next_try_at=timezone.now(), **NO_LEASE)
    if released:
        logger.warning("%d deliveries of a lost worker are tried again", released)
    if deliveries_due().exists():
        send_wakeup(SEND_WEBHOOKS)


def deliveries_forget() -> int:
    """Delete what is older than 30 days from the log; returns how many."""
    return int(Delivery.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0])


def _message(delivery: Delivery) -> Message:
    body = delivery.body.encode()
    headers = signed_headers(
        message_id=str(delivery.pk),
        timestamp=int(timezone.now().timestamp()),
        body=body,
        secrets_valid=valid_secrets(delivery.webhook),
    )
    return Message(delivery.webhook.url, headers, body)


@transaction.atomic
def _keep(delivery: Delivery, outcome: Outcome) -> None:
    now = timezone.now()
    tried = {
        "at": now.isoformat().replace("+00:00", "Z"),
        "status": outcome.status,
        "seconds": outcome.seconds,
        "error": outcome.error,
        "excerpt": outcome.excerpt,
    }
    changes: dict[str, Any] = {"tries": [*delivery.tries, tried][-MOST_TRIES_KEPT:], **NO_LEASE}
    held = select_held(delivery)
    if not outcome.error:
        if held.update(state=DeliveryState.DELIVERED, ended_at=now, next_try_at=None, **changes):
            Webhook.objects.filter(pk=delivery.webhook_id).update(last_delivered_at=now)
        return
    again = None if outcome.status == GONE else _next_try(delivery, outcome)
    if again is not None:
        held.update(state=DeliveryState.QUEUED, next_try_at=again, **changes)
    elif held.update(state=DeliveryState.FAILED, ended_at=now, next_try_at=None, **changes):
        _disable_where_hopeless(delivery, outcome)


def _next_try(delivery: Delivery, outcome: Outcome) -> Any:
    now = timezone.now()
    first = delivery.first_tried_at or now
    return next_try(delivery.attempt, first_tried_at=first, now=now, wish=outcome.wish)


def _disable_where_hopeless(delivery: Delivery, outcome: Outcome) -> None:
    """Where the receiver says so, or where nothing got through since this was first tried."""
    if outcome.status == GONE:
        webhook_disable(delivery.webhook, DisabledReason.GONE)
        return
    newer = {"last_delivered_at__gte": delivery.first_tried_at}
    if not Webhook.objects.filter(pk=delivery.webhook_id, **newer).exists():
        webhook_disable(delivery.webhook, DisabledReason.FAILING)
