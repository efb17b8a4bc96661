"""The delivery of events: claim due deliveries, send them, save the outcomes, try again later."""

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from jobs.leases import NO_LEASE, create_lease, has_expired, select_held
from jobs.wakeups import send_wakeup
from webhooks.addresses import build_receiver_policy
from webhooks.backoff import compute_next_try
from webhooks.models import Delivery, DeliveryState, DisabledReason, Webhook
from webhooks.selectors import choose_fair_batch, select_due_deliveries
from webhooks.sending import Message, Outcome, Sender
from webhooks.services import list_valid_secrets, webhook_disable
from webhooks.signing import build_signed_headers
from webhooks.wakeups import SEND_WEBHOOKS

logger = logging.getLogger(__name__)

MOST_PER_BATCH = 20
MOST_PER_WEBHOOK = 4
LEASE_SECONDS = 60.0
"""A batch takes at most 10 s; a worker that holds a lease for longer has been lost."""
RETENTION = timedelta(days=30)
MOST_STORED_TRIES = 20
GONE = 410


def send_due(sender: Sender | None = None) -> int:
    """Send a batch of due deliveries at the same time and return their number.

    While more deliveries are due, send another wake-up message.
    """
    claimed = claim_deliveries()
    if claimed:
        sender = sender or Sender(build_receiver_policy())
        outcomes = sender.send_all([_build_message(delivery) for delivery in claimed])
        for delivery, outcome in zip(claimed, outcomes, strict=True):
            _save_outcome(delivery, outcome)
        if select_due_deliveries().exists():
            send_wakeup(SEND_WEBHOOKS)
    return len(claimed)


@transaction.atomic
def claim_deliveries() -> list[Delivery]:
    """Claim a fair batch of due deliveries, without those that another worker is claiming."""
    candidates = choose_fair_batch(MOST_PER_BATCH, most_per_webhook=MOST_PER_WEBHOOK)
    queued = Delivery.objects.filter(pk__in=candidates, state=DeliveryState.QUEUED)
    # SQLite has no such lock and does not need it: it has one writer at a time.
    free = list(queued.select_for_update(skip_locked=True).values_list("pk", flat=True))
    lease = create_lease(LEASE_SECONDS)
    queued.filter(pk__in=free).update(
        state=DeliveryState.SENDING,
        attempt=F("attempt") + 1,
        first_tried_at=Coalesce("first_tried_at", Value(timezone.now())),
        **lease,
    )
    claimed = Delivery.objects.filter(pk__in=free, lease_id=lease["lease_id"])
    return list(claimed.select_related("webhook__owner"))


def sweep_deliveries() -> None:
    """Queue the deliveries of lost workers again; send a wake-up message while any is due."""
    lost = Delivery.objects.filter(has_expired(), state=DeliveryState.SENDING)
    released = lost.update(state=DeliveryState.QUEUED, next_try_at=timezone.now(), **NO_LEASE)
    if released:
        logger.warning("Trying %d deliveries of a lost worker again", released)
    if select_due_deliveries().exists():
        send_wakeup(SEND_WEBHOOKS)


def delete_old_deliveries() -> int:
    """Delete the deliveries that are older than 30 days and return their number."""
    return int(Delivery.objects.filter(created_at__lt=timezone.now() - RETENTION).delete()[0])


def _build_message(delivery: Delivery) -> Message:
    body = delivery.body.encode()
    headers = build_signed_headers(
        message_id=str(delivery.pk),
        timestamp=int(timezone.now().timestamp()),
        body=body,
        secrets_valid=list_valid_secrets(delivery.webhook),
    )
    return Message(delivery.webhook.url, headers, body)


@transaction.atomic
def _save_outcome(delivery: Delivery, outcome: Outcome) -> None:
    """Save the try and its result, unless another worker has taken over the delivery."""
    now = timezone.now()
    record = {
        "at": now.isoformat().replace("+00:00", "Z"),
        "status": outcome.status,
        "seconds": outcome.seconds,
        "error": outcome.error,
        "excerpt": outcome.excerpt,
    }
    changes: dict[str, Any] = {"tries": [*delivery.tries, record][-MOST_STORED_TRIES:], **NO_LEASE}
    own_row = select_held(delivery)
    if not outcome.error:
        if own_row.update(state=DeliveryState.DELIVERED, ended_at=now, next_try_at=None, **changes):
            Webhook.objects.filter(pk=delivery.webhook_id).update(last_delivered_at=now)
        return
    retry_at = None if outcome.status == GONE else _plan_next_try(delivery, outcome)
    if retry_at is not None:
        own_row.update(state=DeliveryState.QUEUED, next_try_at=retry_at, **changes)
    elif own_row.update(state=DeliveryState.FAILED, ended_at=now, next_try_at=None, **changes):
        _disable_if_failing(delivery, outcome)


def _plan_next_try(delivery: Delivery, outcome: Outcome) -> Any:
    now = timezone.now()
    first = delivery.first_tried_at or now
    return compute_next_try(
        delivery.attempt, first_tried_at=first, now=now, retry_delay=outcome.retry_delay
    )


def _disable_if_failing(delivery: Delivery, outcome: Outcome) -> None:
    """Disable the webhook if its receiver answered 410 Gone, or has accepted nothing for long.

    The latter means: no delivery has succeeded since the first try of this one.
    """
    if outcome.status == GONE:
        webhook_disable(delivery.webhook, DisabledReason.GONE)
        return
    newer = {"last_delivered_at__gte": delivery.first_tried_at}
    if not Webhook.objects.filter(pk=delivery.webhook_id, **newer).exists():
        webhook_disable(delivery.webhook, DisabledReason.FAILING)
