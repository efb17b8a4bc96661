"""The verbs that change webhooks, and send again what was sent."""

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
from webhooks.signing import secret_create
from webhooks.wakeups import SEND_WEBHOOKS

MOST_WEBHOOKS = 20
OVERLAP = timedelta(hours=24)


class Wishes(TypedDict, total=False):
    """What a webhook's owner may choose. `album` None is all albums."""

    url: str
    description: str
    events: Sequence[str]
    album: Album | None
    is_active: bool


@transaction.atomic
def webhook_create(*, user: User, wishes: Wishes) -> Webhook:
    """A new webhook of `user`, with a fresh secret. Raises Problem.

    Codes: webhook_url_not_allowed, webhook_events_invalid, too_many_webhooks.
    """
    # Two at once must not both be the last one allowed.
    User.objects.select_for_update().get(pk=user.pk)
    if Webhook.objects.filter(owner=user).count() >= MOST_WEBHOOKS:
        raise Problem(
            f"You have {MOST_WEBHOOKS} webhooks: delete one that you do not need.",
            code="too_many_webhooks",
        )
    webhook = Webhook(owner=user, secret=secret_create(), events=[])
    _apply(webhook, {"url": "", "events": [], **wishes})
    webhook.save(force_insert=True)
    return webhook


@transaction.atomic
def webhook_update(*, user: User, webhook: Webhook, wishes: Wishes) -> Webhook:
    """Change what is wished; switching it on again forgets why it was disabled. Raises Problem.

    `webhook` must be one that `user` may see: nobody but its owner may.
    """
    locked = Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk, owner=user)
    was_active = locked.is_active
    _apply(locked, wishes)
    if locked.is_active:
        locked.disabled_at, locked.disabled_reason = None, ""
    locked.save()
    if was_active and not locked.is_active:
        _drop_waiting(locked)
    return locked


@transaction.atomic
def webhook_delete(*, user: User, webhook: Webhook) -> None:
    """Delete it with its log; nothing more is sent to it."""
    Webhook.objects.filter(pk=webhook.pk, owner=user).delete()


@transaction.atomic
def webhook_rotate_secret(*, user: User, webhook: Webhook) -> Webhook:
    """A fresh secret; what is sent is signed with the old one too for 24 hours."""
    locked = Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk, owner=user)
    locked.previous_secret = locked.secret
    locked.previous_secret_expires_at = timezone.now() + OVERLAP
    locked.secret = secret_create()
    locked.save(update_fields=["secret", "previous_secret", "previous_secret_expires_at"])
    return locked


@transaction.atomic
def webhook_ping(*, webhook: Webhook) -> Delivery:
    """Queue a `ping`, whatever events were chosen. Raises Problem where the webhook is off."""
    _require_active(webhook)
    return record_ping(webhook)


@transaction.atomic
def webhook_end(webhook: Webhook) -> bool:
    """Switch it off, as its owner would; for admins. Whether it was on."""
    was_active = Webhook.objects.filter(pk=webhook.pk, is_active=True).update(is_active=False)
    _drop_waiting(webhook)
    return bool(was_active)


@transaction.atomic
def webhook_disable(webhook: Webhook, reason: DisabledReason) -> None:
    """Switch it off on the platform's own account, and tell its owner; drop what waits for it."""
    active = Webhook.objects.filter(pk=webhook.pk, is_active=True)
    if active.update(is_active=False, disabled_at=timezone.now(), disabled_reason=reason):
        _drop_waiting(webhook)
        transaction.on_commit(lambda: notice.tell_owner(webhook, reason))


@transaction.atomic
def delivery_replay(*, delivery: Delivery) -> Delivery:
    """Send an ended delivery again: the same id and body, with all its tries. Raises Problem."""
    _require_active(delivery.webhook)
    ended = Delivery.objects.filter(pk=delivery.pk, state__in=ENDED)
    if not ended.update(
        state=DeliveryState.QUEUED,
        attempt=0,
        next_try_at=timezone.now(),
        first_tried_at=None,
        ended_at=None,
    ):
        raise Problem("It is on its way still.", code="delivery_unfinished")
    send_wakeup_on_commit(SEND_WEBHOOKS)
    delivery.refresh_from_db()
    return delivery


def valid_secrets(webhook: Webhook) -> list[str]:
    """The secret, and the one before it while it is still valid."""
    end = webhook.previous_secret_expires_at
    earlier = [webhook.previous_secret] if end is not None and end > timezone.now() else []
    return [webhook.secret, *earlier]


def _apply(webhook: Webhook, wishes: Wishes) -> None:
    if "url" in wishes:
        require_receiver(wishes["url"])
        webhook.url = wishes["url"]
    if "events" in wishes:
        webhook.events = _known(wishes["events"])
    if "album" in wishes:
        webhook.album = wishes["album"]
    webhook.description = wishes.get("description", webhook.description).strip()
    webhook.is_active = wishes.get("is_active", webhook.is_active)


def _known(events: Sequence[str]) -> list[str]:
    """Each once, in our order."""
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
