"""Deliveries to a real server: sent, retried, given up and replayed."""

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
from tests.webhooks.receiver import Receiver, build_responder
from webhooks import delivery as delivery_module
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
    monkeypatch.setattr(delivery_module, "send_wakeup", messages.append)
    return messages


@pytest.fixture
def ping(webhook: Webhook) -> Delivery:
    """A queued delivery of a ping."""
    return webhook_ping(webhook=webhook)


def send_now(delivery: Delivery, *, first_tried_ago: timedelta | None = None) -> Delivery:
    """Make the delivery due, send it and read it again."""
    matching = Delivery.objects.filter(pk=delivery.pk)
    matching.update(next_try_at=timezone.now())
    if first_tried_ago is not None:
        matching.update(first_tried_at=timezone.now() - first_tried_ago)
    assert send_due() == 1
    delivery.refresh_from_db()
    return delivery


def test_an_event_is_sent_signed_and_the_try_is_logged(
    alice: User, photo: Photo, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.respond = build_responder(200, b"thanks\n\x00")
    rows.upload(alice)
    assert send_due() == 1
    (request,) = receiver.requests
    assert request.verify(webhook.secret)["type"] == "photo.created"
    assert request.path == "/hook"
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["User-Agent"].startswith("Vanish/")

    delivery = webhook.deliveries.get()
    assert request.headers["webhook-id"] == str(delivery.pk)
    assert (delivery.state, delivery.attempt) == (DeliveryState.DELIVERED, 1)
    (entry,) = delivery.tries
    assert (entry["status"], entry["error"], entry["excerpt"]) == (200, "", "thanks")
    webhook.refresh_from_db()
    assert webhook.last_delivered_at is not None
    assert send_due() == 0


def test_after_a_rotation_both_secrets_verify_for_a_while(
    alice: User, webhook: Webhook, receiver: Receiver
) -> None:
    rotated = webhook_rotate_secret(user=alice, webhook=webhook)
    assert rotated.secret != webhook.secret
    webhook_ping(webhook=rotated)
    send_due()
    for secret in (webhook.secret, rotated.secret):
        assert receiver.requests[0].verify(secret)["type"] == "ping"

    Webhook.objects.update(previous_secret_expires_at=timezone.now())
    webhook_ping(webhook=rotated)
    send_due()
    assert " " not in receiver.requests[1].headers["webhook-signature"]


@pytest.mark.parametrize("status", [304, 400, 404, 500, 503])
def test_a_failed_delivery_is_retried_with_the_same_id_and_body(
    ping: Delivery, webhook: Webhook, receiver: Receiver, status: int
) -> None:
    receiver.respond = build_responder(status)
    before = timezone.now()
    assert send_due() == 1
    ping.refresh_from_db()
    assert (ping.state, ping.attempt) == (DeliveryState.QUEUED, 1)
    assert ping.next_try_at is not None
    assert before < ping.next_try_at < timezone.now() + PAUSES[0]
    assert send_due() == 0

    receiver.respond = build_responder(204)
    assert send_now(ping).state == DeliveryState.DELIVERED
    first, second = receiver.requests
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
    assert second.verify(webhook.secret)
    assert [entry["status"] for entry in ping.tries] == [status, 204]


def test_a_redirect_is_not_followed(ping: Delivery, receiver: Receiver) -> None:
    receiver.respond = build_responder(302, Location=receiver.build_url("/elsewhere"))
    assert send_now(ping).tries[-1]["error"] == "redirected"
    assert [request.path for request in receiver.requests] == ["/hook"]


def test_the_retry_after_of_a_receiver_is_respected(ping: Delivery, receiver: Receiver) -> None:
    receiver.respond = build_responder(429, Retry_After="1800")
    now = timezone.now()
    wait = send_now(ping).next_try_at - now  # type: ignore[operator]
    assert timedelta(minutes=30) <= wait < timedelta(minutes=31)


def test_after_a_day_without_success_the_webhook_is_disabled_and_its_owner_notified(
    alice: User,
    ping: Delivery,
    webhook: Webhook,
    receiver: Receiver,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    receiver.respond = build_responder(500, b"Oh no")
    waiting = webhook_ping(webhook=webhook)
    Delivery.objects.filter(pk=waiting.pk).update(next_try_at=timezone.now() + DAY)
    with django_capture_on_commit_callbacks(execute=True):
        assert send_now(ping, first_tried_ago=DAY).state == DeliveryState.FAILED
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert webhook.disabled_reason == DisabledReason.FAILING
    assert webhook.disabled_at is not None
    waiting.refresh_from_db()
    assert waiting.state == DeliveryState.DROPPED
    (message,) = mail.outbox
    assert message.to == [alice.email]
    assert webhook.url in message.body
    assert str(webhook.pk) in message.body
    assert "could not be delivered for a day" in message.body

    updated = webhook_update(user=alice, webhook=webhook, values={"is_active": True})
    assert (updated.disabled_reason, updated.disabled_at) == ("", None)


def test_the_last_failed_try_ends_the_delivery(ping: Delivery, receiver: Receiver) -> None:
    receiver.respond = build_responder(500)
    Delivery.objects.update(attempt=len(PAUSES))
    failed = send_now(ping)
    assert (failed.state, failed.attempt) == (DeliveryState.FAILED, len(PAUSES) + 1)


def test_a_webhook_with_other_successes_stays_active(
    ping: Delivery, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.respond = build_responder(500)
    Webhook.objects.update(last_delivered_at=timezone.now() - DAY / 2)
    assert send_now(ping, first_tried_ago=DAY).state == DeliveryState.FAILED
    webhook.refresh_from_db()
    assert webhook.is_active
    assert mail.outbox == []


def test_410_gone_disables_the_webhook_immediately(
    ping: Delivery,
    webhook: Webhook,
    receiver: Receiver,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    receiver.respond = build_responder(410)
    with django_capture_on_commit_callbacks(execute=True):
        assert send_now(ping).state == DeliveryState.FAILED
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.disabled_reason) == (False, DisabledReason.GONE)
    assert "410 Gone" in mail.outbox[0].body


def test_a_replayed_delivery_has_the_same_id_and_body(ping: Delivery, receiver: Receiver) -> None:
    send_now(ping)
    replayed = delivery_replay(delivery=ping)
    assert (replayed.state, replayed.attempt) == (DeliveryState.QUEUED, 0)
    assert send_now(ping).state == DeliveryState.DELIVERED
    first, second = receiver.requests
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
    assert len(ping.tries) == 2


def test_two_workers_never_claim_the_same_delivery(webhook: Webhook) -> None:
    mine = {webhook_ping(webhook=webhook).pk for _ in range(delivery_module.MOST_PER_WEBHOOK)}
    assert {row.pk for row in claim_deliveries()} == mine
    assert claim_deliveries() == []


def test_a_webhook_does_not_wait_for_another_with_many_deliveries(
    alice: User, webhook: Webhook, receiver: Receiver, wakeups: list[WakeUp]
) -> None:
    for _ in range(delivery_module.MOST_PER_BATCH):
        webhook_ping(webhook=webhook)
    quiet = webhook_create(
        user=alice, values={"url": receiver.build_url("/q"), "events": ["edit.failed"]}
    )
    webhook_ping(webhook=quiet)
    assert send_due() == delivery_module.MOST_PER_WEBHOOK + 1
    assert "/q" in {request.path for request in receiver.requests}
    assert wakeups == [SEND_WEBHOOKS]


def test_the_deliveries_of_a_dead_worker_are_sent_after_their_lease(
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


def test_a_worker_whose_lease_was_lost_writes_nothing(
    ping: Delivery, webhook: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    (claimed,) = claim_deliveries()
    Delivery.objects.update(state=DeliveryState.QUEUED, lease_id=None, next_try_at=timezone.now())
    monkeypatch.setattr(delivery_module, "claim_deliveries", lambda: [claimed])
    receiver.respond = build_responder(410)
    send_due()
    ping.refresh_from_db()
    webhook.refresh_from_db()
    assert (ping.state, ping.tries, webhook.is_active) == (DeliveryState.QUEUED, [], True)


def test_nothing_is_sent_for_an_inactive_user(
    alice: User, ping: Delivery, receiver: Receiver
) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert send_due() == 0
    assert receiver.requests == []


def test_deliveries_are_deleted_after_thirty_days(webhook: Webhook) -> None:
    old, young = (webhook_ping(webhook=webhook) for _ in range(2))
    for row, days in ((old, 31), (young, 29)):
        Delivery.objects.filter(pk=row.pk).update(created_at=timezone.now() - days * DAY)
    assert delete_old_deliveries() == 1
    assert Delivery.objects.get() == young
