"""Events are sent to a real server, tried again, given up, and sent again on demand."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from gallery.models import Photo
from jobs.wakeups import WakeUp
from tests import rows
from tests.webhooks.receiver import Receiver, answer
from webhooks import delivery as work
from webhooks.backoff import PAUSES
from webhooks.delivery import claim_deliveries, delete_old_deliveries, send_due, sweep_deliveries
from webhooks.models import Delivery, DeliveryState, DisabledReason, Webhook
from webhooks.services import (
    delivery_replay,
    webhook_create,
    webhook_ping,
    webhook_rotate_secret,
    webhook_update,
)
from webhooks.wakeups import SEND_WEBHOOKS

pytestmark = pytest.mark.django_db
Commits = Callable[..., AbstractContextManager[list[Any]]]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def wakeups(monkeypatch: pytest.MonkeyPatch) -> list[WakeUp]:
    """The wake-up messages that were sent."""
    messages: list[WakeUp] = []
    monkeypatch.setattr(work, "send_wakeup", messages.append)
    return messages


@pytest.fixture
def ping(webhook: Webhook) -> Delivery:
    """On its way to the webhook."""
    return webhook_ping(webhook=webhook)


def send_again(delivery: Delivery, *, first_tried_ago: timedelta | None = None) -> Delivery:
    """Send, as if it were time to, and read what came of it."""
    rows_of = Delivery.objects.filter(pk=delivery.pk)
    rows_of.update(next_try_at=timezone.now())
    if first_tried_ago is not None:
        rows_of.update(first_tried_at=timezone.now() - first_tried_ago)
    assert send_due() == 1
    delivery.refresh_from_db()
    return delivery


def test_an_event_arrives_signed_and_is_noted(
    alice: User, photo: Photo, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.says = answer(200, b"thanks\n\x00")
    rows.upload(alice)
    assert send_due() == 1
    (received,) = receiver.received
    assert received.verified(webhook.secret)["type"] == "photo.created"
    assert received.path == "/hook"
    assert received.headers["Content-Type"] == "application/json"
    assert received.headers["User-Agent"].startswith("Vanish/")

    delivery = webhook.deliveries.get()
    assert received.headers["webhook-id"] == str(delivery.pk)
    assert (delivery.state, delivery.attempt) == (DeliveryState.DELIVERED, 1)
    (tried,) = delivery.tries
    assert (tried["status"], tried["error"], tried["excerpt"]) == (200, "", "thanks")
    webhook.refresh_from_db()
    assert webhook.last_delivered_at is not None
    assert send_due() == 0


def test_while_a_secret_takes_over_both_are_good(
    alice: User, webhook: Webhook, receiver: Receiver
) -> None:
    rotated = webhook_rotate_secret(user=alice, webhook=webhook)
    assert rotated.secret != webhook.secret
    webhook_ping(webhook=rotated)
    send_due()
    for secret in (webhook.secret, rotated.secret):
        assert receiver.received[0].verified(secret)["type"] == "ping"

    Webhook.objects.update(previous_secret_expires_at=timezone.now())
    webhook_ping(webhook=rotated)
    send_due()
    assert " " not in receiver.received[1].headers["webhook-signature"]


@pytest.mark.parametrize("status", [304, 400, 404, 500, 503])
def test_what_is_no_success_is_tried_again_with_the_same_id_and_body(
    ping: Delivery, webhook: Webhook, receiver: Receiver, status: int
) -> None:
    receiver.says = answer(status)
    before = timezone.now()
    assert send_due() == 1
    ping.refresh_from_db()
    assert (ping.state, ping.attempt) == (DeliveryState.QUEUED, 1)
    assert ping.next_try_at is not None
    assert before < ping.next_try_at < timezone.now() + PAUSES[0]
    assert send_due() == 0

    receiver.says = answer(204)
    assert send_again(ping).state == DeliveryState.DELIVERED
    first, second = receiver.received
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
    assert second.verified(webhook.secret)
    assert [tried["status"] for tried in ping.tries] == [status, 204]


def test_a_redirect_is_not_followed(ping: Delivery, receiver: Receiver) -> None:
    receiver.says = answer(302, Location=receiver.url("/elsewhere"))
    assert send_again(ping).tries[-1]["error"] == "redirected"
    assert [received.path for received in receiver.received] == ["/hook"]


def test_a_receiver_that_asks_for_time_gets_it(ping: Delivery, receiver: Receiver) -> None:
    receiver.says = answer(429, Retry_After="1800")
    now = timezone.now()
    wait = send_again(ping).next_try_at - now  # type: ignore[operator]
    assert timedelta(minutes=30) <= wait < timedelta(minutes=31)


def test_after_a_day_without_any_success_the_webhook_is_off_and_its_owner_told(
    alice: User,
    ping: Delivery,
    webhook: Webhook,
    receiver: Receiver,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    receiver.says = answer(500, b"Oh no")
    waiting = webhook_ping(webhook=webhook)
    Delivery.objects.filter(pk=waiting.pk).update(next_try_at=timezone.now() + DAY)
    with django_capture_on_commit_callbacks(execute=True):
        assert send_again(ping, first_tried_ago=DAY).state == DeliveryState.FAILED
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert webhook.disabled_reason == DisabledReason.FAILING
    assert webhook.disabled_at is not None
    waiting.refresh_from_db()
    assert waiting.state == DeliveryState.DROPPED
    (told,) = mail.outbox
    assert told.to == [alice.email]
    assert webhook.url in told.body
    assert str(webhook.pk) in told.body
    assert "could not be delivered for a day" in told.body

    changed = webhook_update(user=alice, webhook=webhook, values={"is_active": True})
    assert (changed.disabled_reason, changed.disabled_at) == ("", None)


def test_the_last_try_gives_up(ping: Delivery, receiver: Receiver) -> None:
    receiver.says = answer(500)
    Delivery.objects.update(attempt=len(PAUSES))
    given_up = send_again(ping)
    assert (given_up.state, given_up.attempt) == (DeliveryState.FAILED, len(PAUSES) + 1)


def test_one_that_others_reach_stays_on(
    ping: Delivery, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.says = answer(500)
    Webhook.objects.update(last_delivered_at=timezone.now() - DAY / 2)
    assert send_again(ping, first_tried_ago=DAY).state == DeliveryState.FAILED
    webhook.refresh_from_db()
    assert webhook.is_active
    assert mail.outbox == []


def test_gone_is_gone_at_once(
    ping: Delivery,
    webhook: Webhook,
    receiver: Receiver,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    receiver.says = answer(410)
    with django_capture_on_commit_callbacks(execute=True):
        assert send_again(ping).state == DeliveryState.FAILED
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.disabled_reason) == (False, DisabledReason.GONE)
    assert "410 Gone" in mail.outbox[0].body


def test_a_delivery_can_be_replayed_as_it_was(ping: Delivery, receiver: Receiver) -> None:
    send_again(ping)
    replayed = delivery_replay(delivery=ping)
    assert (replayed.state, replayed.attempt) == (DeliveryState.QUEUED, 0)
    assert send_again(ping).state == DeliveryState.DELIVERED
    first, second = receiver.received
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
    assert len(ping.tries) == 2


def test_two_workers_never_send_the_same_one(webhook: Webhook) -> None:
    mine = {webhook_ping(webhook=webhook).pk for _ in range(work.MOST_PER_WEBHOOK)}
    assert {row.pk for row in claim_deliveries()} == mine
    assert claim_deliveries() == []


def test_nobody_waits_behind_one_with_many(
    alice: User, webhook: Webhook, receiver: Receiver, wakeups: list[WakeUp]
) -> None:
    for _ in range(work.MOST_PER_BATCH):
        webhook_ping(webhook=webhook)
    quiet = webhook_create(
        user=alice, values={"url": receiver.url("/q"), "events": ["edit.failed"]}
    )
    webhook_ping(webhook=quiet)
    assert send_due() == work.MOST_PER_WEBHOOK + 1
    assert "/q" in {received.path for received in receiver.received}
    assert wakeups == [SEND_WEBHOOKS]


def test_what_a_dead_worker_held_is_sent_again_once_its_lease_is_over(
    ping: Delivery, receiver: Receiver, wakeups: list[WakeUp]
) -> None:
    assert claim_deliveries() == [ping]
    sweep_deliveries()
    assert (send_due(), wakeups) == (0, [])
    Delivery.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    sweep_deliveries()
    assert wakeups == [SEND_WEBHOOKS]
    assert send_due() == 1
    ping.refresh_from_db()
    assert (ping.state, ping.attempt) == (DeliveryState.DELIVERED, 2)


def test_a_worker_that_lost_its_claim_writes_nothing(
    ping: Delivery, webhook: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    (held,) = claim_deliveries()
    Delivery.objects.update(state=DeliveryState.QUEUED, lease_id=None, next_try_at=timezone.now())
    monkeypatch.setattr(work, "claim_deliveries", lambda: [held])
    receiver.says = answer(410)
    send_due()
    ping.refresh_from_db()
    webhook.refresh_from_db()
    assert (ping.state, ping.tries, webhook.is_active) == (DeliveryState.QUEUED, [], True)


def test_nothing_is_sent_for_somebody_who_may_not_sign_in(
    alice: User, ping: Delivery, receiver: Receiver
) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert send_due() == 0
    assert receiver.received == []


def test_the_log_ends_after_thirty_days(webhook: Webhook) -> None:
    old, young = (webhook_ping(webhook=webhook) for _ in range(2))
    for row, days in ((old, 31), (young, 29)):
        Delivery.objects.filter(pk=row.pk).update(created_at=timezone.now() - days * DAY)
    assert delete_old_deliveries() == 1
    assert Delivery.objects.get() == young
