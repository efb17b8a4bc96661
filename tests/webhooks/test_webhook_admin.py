"""Webhooks in the admin: looked at without their secrets, switched off, sent again."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.admins import create_staff, create_superuser
from webhooks.models import Delivery, DeliveryState, Webhook
from webhooks.services import webhook_create, webhook_ping

pytestmark = pytest.mark.django_db


@pytest.fixture
def webhook(alice: User) -> Webhook:
    wishes = {"url": "https://shop.example/", "events": ["edit.failed"]}
    return webhook_create(user=alice, values=wishes)  # type: ignore[arg-type]


@pytest.fixture
def delivery(webhook: Webhook) -> Delivery:
    return webhook_ping(webhook=webhook)


def page(row: Webhook | Delivery, verb: str, *keys: object) -> str:
    return reverse(f"admin:webhooks_{row._meta.model_name}_{verb}", args=keys)


def act(client: Client, action: str, row: Webhook | Delivery) -> str:
    """What the admin says."""
    form = {"action": action, "_selected_action": [row.pk]}
    answer = client.post(page(row, "changelist"), form, follow=True)
    assert answer.status_code == 200
    row.refresh_from_db()
    return " ".join(str(said.message) for said in answer.context["messages"])


def test_pages_show_all_but_the_secret(webhook: Webhook, delivery: Delivery) -> None:
    boss = create_superuser()
    for row in (webhook, delivery):
        for path in (page(row, "changelist"), page(row, "change", row.pk)):
            answer = boss.get(path)
            assert answer.status_code == 200
            assert webhook.secret not in answer.content.decode()
            assert "shop.example" in answer.content.decode()


def test_one_is_switched_off_and_loses_what_waits(webhook: Webhook, delivery: Delivery) -> None:
    assert act(create_superuser(), "switch_off", webhook) == "1 switched off."
    assert not webhook.is_active
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DROPPED


def test_what_has_ended_is_sent_again_and_what_has_not_is_left(delivery: Delivery) -> None:
    boss = create_superuser()
    assert "has not ended yet" in act(boss, "replay", delivery)
    Delivery.objects.update(state=DeliveryState.FAILED)
    assert act(boss, "replay", delivery) == "1 queued again."
    assert delivery.state == DeliveryState.QUEUED


def test_to_look_is_not_enough_to_steer(webhook: Webhook, delivery: Delivery) -> None:
    onlooker = create_staff("view_webhook", "view_delivery")
    Delivery.objects.update(state=DeliveryState.FAILED)
    act(onlooker, "switch_off", webhook)
    act(onlooker, "replay", delivery)
    assert webhook.is_active
    assert delivery.state == DeliveryState.FAILED


def test_nobody_makes_or_changes_one_by_hand(webhook: Webhook) -> None:
    boss = create_superuser()
    assert boss.get(page(webhook, "add")).status_code == 403
    assert boss.post(page(webhook, "change", webhook.pk), {"url": "x"}).status_code == 403
