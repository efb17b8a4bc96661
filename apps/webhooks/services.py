"""The services that change webhooks and send deliveries again."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypedDict

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from gallery.models import Album
from jobs.wakeups import send_wakeup_on_commit
from web.errors import Problem
from webhooks import notice
from webhooks.addresses import require_receiver
from webhooks.models import ENDED, Delivery, DeliveryState, DisabledReason, Event, Webhook
from webhooks.outbox import record_ping
from webhooks.signing import create_secret
from webhooks.wakeups import SEND_WEBHOOKS

MOST_WEBHOOKS = 20
SECRET_OVERLAP = timedelta(hours=24)


class WebhookValues(TypedDict, total=False):
    """The values that a webhook's owner may set. `album` None means all albums."""

    url: str
    description: str
    events: Sequence[str]
    album: Album | None
    is_active: bool


@transaction.atomic
def webhook_create(*, user: User, values: WebhookValues) -> Webhook:
    """Create a webhook of `user` with a new secret.

    Raises:
        Problem: webhook_url_not_allowed, webhook_events_invalid or too_many_webhooks.
    """
    # The lock keeps two concurrent calls from exceeding the limit together.
    User.objects.select_for_update().get(pk=user.pk)
    if Webhook.objects.filter(owner=user).count() >= MOST_WEBHOOKS:
        raise Problem(
            f"You have {MOST_WEBHOOKS} webhooks: delete one that you do not need.",
            code="too_many_webhooks",
        )
    webhook = Webhook(owner=user, secret=create_secret(), events=[])
    _apply(webhook, {"url": "", "events": [], **values})
    webhook.save(force_insert=True)
    return webhook


@transaction.atomic
def webhook_update(*, user: User, webhook: Webhook, values: WebhookValues) -> Webhook:
    """Change the values of a webhook that `user` owns.

    Switching it on again clears the reason why it was disabled. Switching it off drops the
    deliveries that wait.

    Raises:
        Problem: webhook_url_not_allowed or webhook_events_invalid.
    """
    locked = Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk, owner=user)
    was_active = locked.is_active
    _apply(locked, values)
    if locked.is_active:
        locked.disabled_at, locked.disabled_reason = None, ""
    locked.save()
    if was_active and not locked.is_active:
        _drop_waiting(locked)
    return locked


@transaction.atomic
def webhook_delete(*, user: User, webhook: Webhook) -> None:
    """Delete a webhook that `user` owns, with its deliveries; nothing more is sent to it."""
    Webhook.objects.filter(pk=webhook.pk, owner=user).delete()


@transaction.atomic
def webhook_rotate_secret(*, user: User, webhook: Webhook) -> Webhook:
    """Give the webhook a new secret; for 24 hours, events are signed with the old one too."""
    locked = Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk, owner=user)
    locked.previous_secret = locked.secret
    locked.previous_secret_expires_at = timezone.now() + SECRET_OVERLAP
    locked.secret = create_secret()
    locked.save(update_fields=["secret", "previous_secret", "previous_secret_expires_at"])
    return locked


@transaction.atomic
def webhook_ping(*, webhook: Webhook) -> Delivery:
    """Queue a `ping`, for any choice of events; raise Problem (webhook_off) when it is off."""
    _require_active(webhook)
    return record_ping(webhook)


@transaction.atomic
def webhook_end(webhook: Webhook) -> bool:
    """Switch a webhook off as its owner would, for an admin; return whether it was on."""
    was_active = Webhook.objects.filter(pk=webhook.pk, is_active=True).update(is_active=False)
    _drop_waiting(webhook)
    return bool(was_active)


@transaction.atomic
def webhook_disable(webhook: Webhook, reason: DisabledReason) -> None:
    """Switch a webhook off because it fails, drop its waiting deliveries, and mail its owner."""
    active = Webhook.objects.filter(pk=webhook.pk, is_active=True)
    if active.update(is_active=False, disabled_at=timezone.now(), disabled_reason=reason):
        _drop_waiting(webhook)
        transaction.on_commit(lambda: notice.notify_owner(webhook, reason))


@transaction.atomic
def delivery_replay(*, delivery: Delivery) -> Delivery:
    """Queue an ended delivery again, with the same id and body and a new series of tries.

    Raises:
        Problem: webhook_off or delivery_unfinished.
    """
    _require_active(delivery.webhook)
    ended = Delivery.objects.filter(pk=delivery.pk, state__in=ENDED)
    if not ended.update(
        state=DeliveryState.QUEUED,
        attempt=0,
        next_try_at=timezone.now(),
        first_tried_at=None,
        ended_at=None,
    ):
        raise Problem("The delivery has not ended yet.", code="delivery_unfinished")
    send_wakeup_on_commit(SEND_WEBHOOKS)
    delivery.refresh_from_db()
    return delivery


def list_valid_secrets(webhook: Webhook) -> list[str]:
    """Return the webhook's secret, and the previous one while it is still valid."""
    end = webhook.previous_secret_expires_at
    previous = [webhook.previous_secret] if end is not None and end > timezone.now() else []
    return [webhook.secret, *previous]


def _apply(webhook: Webhook, values: WebhookValues) -> None:
    if "url" in values:
        require_receiver(values["url"])
        webhook.url = values["url"]
    if "events" in values:
        webhook.events = _check_events(values["events"])
    if "album" in values:
        webhook.album = values["album"]
    webhook.description = values.get("description", webhook.description).strip()
    webhook.is_active = values.get("is_active", webhook.is_active)


def _check_events(events: Sequence[str]) -> list[str]:
    """Return the events without duplicates, in the order of Event; raise Problem for others."""
    if not events or not set(events) <= set(Event.values):
        message = f"Choose at least one event out of: {', '.join(Event.values)}."
        fields = {"events": [message]}
        raise Problem(message, code="webhook_events_invalid", fields=fields)
    return [event for event in Event.values if event in events]


def _drop_waiting(webhook: Webhook) -> None:
    waiting = Delivery.objects.filter(webhook=webhook, state=DeliveryState.QUEUED)
    waiting.update(state=DeliveryState.DROPPED, ended_at=timezone.now(), next_try_at=None)


def _require_active(webhook: Webhook) -> None:
    if not webhook.is_active:
        raise Problem("This webhook is switched off: switch it on first.", code="webhook_off")
