"""Webhooks in the admin: shown without secrets, switched off, deliveries replayed."""

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
    """A webhook of Alice's."""
    values = {"url": "https://shop.example/", "events": ["edit.failed"]}
    return webhook_create(user=alice, values=values)  # type: ignore[arg-type]


@pytest.fixture
def delivery(webhook: Webhook) -> Delivery:
    """A queued delivery of the webhook."""
    return webhook_ping(webhook=webhook)


def build_url(row: Webhook | Delivery, verb: str, *keys: object) -> str:
    """Return the path of a page of the admin."""
    return reverse(f"admin:webhooks_{row._meta.model_name}_{verb}", args=keys)


def run_action(client: Client, action: str, row: Webhook | Delivery) -> str:
    """Run an action on the row and read it again; return the messages of the admin."""
    form = {"action": action, "_selected_action": [row.pk]}
    response = client.post(build_url(row, "changelist"), form, follow=True)
    assert response.status_code == 200
    row.refresh_from_db()
    return " ".join(str(message.message) for message in response.context["messages"])


def test_pages_show_all_but_the_secret(webhook: Webhook, delivery: Delivery) -> None:
    superuser = create_superuser()
    for row in (webhook, delivery):
        for path in (build_url(row, "changelist"), build_url(row, "change", row.pk)):
            response = superuser.get(path)
            assert response.status_code == 200
            assert webhook.secret not in response.content.decode()
            assert "shop.example" in response.content.decode()


def test_a_webhook_is_switched_off_and_its_deliveries_dropped(
    webhook: Webhook, delivery: Delivery
) -> None:
    assert run_action(create_superuser(), "switch_off", webhook) == "1 switched off."
    assert not webhook.is_active
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DROPPED


def test_a_delivery_is_replayed_only_after_it_ended(delivery: Delivery) -> None:
    superuser = create_superuser()
    assert "has not ended yet" in run_action(superuser, "replay", delivery)
    Delivery.objects.update(state=DeliveryState.FAILED)
    assert run_action(superuser, "replay", delivery) == "1 queued again."
    assert delivery.state == DeliveryState.QUEUED


def test_the_view_permission_is_not_enough_for_the_actions(
    webhook: Webhook, delivery: Delivery
) -> None:
    viewer = create_staff("view_webhook", "view_delivery")
    Delivery.objects.update(state=DeliveryState.FAILED)
    run_action(viewer, "switch_off", webhook)
    run_action(viewer, "replay", delivery)
    assert webhook.is_active
    assert delivery.state == DeliveryState.FAILED


def test_nobody_adds_or_changes_a_webhook(webhook: Webhook) -> None:
    superuser = create_superuser()
    assert superuser.get(build_url(webhook, "add")).status_code == 403
    assert superuser.post(build_url(webhook, "change", webhook.pk), {"url": "x"}).status_code == 403
