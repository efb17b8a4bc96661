"""webhooks/ and webhook-deliveries/: create, change, test and read by the owner."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings
from ssrfguard import Policy

from accounts.models import User
from accounts.services import token_create
from gallery.models import Photo
from gallery.services import album_create
from tests import rows
from tests.api.caller import Caller, check_problem, list_pointers, use_token
from tests.webhooks.receiver import Receiver, build_responder, serve
from web import outbound
from webhooks.delivery import send_due
from webhooks.models import Delivery, DisabledReason, Event, Webhook
from webhooks.services import MOST_WEBHOOKS, webhook_disable

pytestmark = pytest.mark.django_db
BODY = {"url": "https://shop.example/hook", "events": ["edit.succeeded"]}
FIELDS = {
    "id",
    "url",
    "description",
    "events",
    "album",
    "active",
    "disabled",
    "previous_secret_expires_at",
    "last_delivered_at",
    "created_at",
}


def create_webhook(caller: Caller, **body: Any) -> dict[str, Any]:
    response = caller.post("webhooks/", BODY | body)
    assert response.status_code == 201, response.body
    webhook: dict[str, Any] = response.json()
    return webhook


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver on 127.0.0.1, whose address and port count as public."""
    with serve() as running:
        policy = Policy(
            allowed_ports=frozenset({running.port}), allowed_networks=(ip_network("127.0.0.1/32"),)
        )
        monkeypatch.setattr(outbound, "PUBLIC_WEB", policy)
        yield running


def test_a_new_webhook_shows_its_secret_once(owner: Caller, photo: Photo) -> None:
    album = str(photo.album_id)
    settings = {"events": ["photo.created", "edit.failed", "edit.failed"], "album": album}
    webhook = create_webhook(owner, description="Shop", **settings)
    secret = webhook.pop("secret")
    assert secret.startswith("whsec_")
    assert set(webhook) == FIELDS
    assert (webhook["events"], webhook["album"]) == (["edit.failed", "photo.created"], album)
    assert (webhook["active"], webhook["disabled"]) == (True, None)
    response = owner.get(f"webhooks/{webhook['id']}/")
    assert response.json() == webhook
    assert secret not in response.body.decode()
    assert owner.get("webhooks/").json()["results"] == [webhook]


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"url": "http://127.0.0.1/"}, "webhook_url_not_allowed", "#/url"),
        ({"url": "https://169.254.169.254/"}, "webhook_url_not_allowed", "#/url"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, "webhook_url_not_allowed", "#/url"),
        ({"url": "https://shop.example:22/"}, "webhook_url_not_allowed", "#/url"),
        ({"url": "https://me:secret@shop.example/"}, "webhook_url_not_allowed", "#/url"),
        ({"url": "ftp://shop.example/"}, "webhook_url_not_allowed", "#/url"),
        ({"url": "shop"}, "webhook_url_not_allowed", "#/url"),
        ({"url": ""}, "invalid", "#/url"),
        ({"url": "https://shop.example/" + "x" * 1000}, "invalid", "#/url"),
        ({"events": []}, "invalid", "#/events"),
        ({"events": ["edit.begun"]}, "invalid", "#/events/0"),
        ({"events": "edit.failed"}, "invalid", "#/events"),
        ({"album": "x"}, "invalid", "#/album"),
        ({"active": "perhaps"}, "invalid", "#/active"),
        ({"description": "x" * 201}, "invalid", "#/description"),
    ],
)
def test_invalid_webhooks_are_refused(owner: Caller, body: Any, code: str, pointer: str) -> None:
    refusal = check_problem(owner.post("webhooks/", BODY | body), 422, code)
    assert list_pointers(refusal) == [pointer]
    assert "secret" not in str(refusal)
    assert not Webhook.objects.exists()


def test_http_addresses_are_refused_in_production(owner: Caller, settings: Settings) -> None:
    create_webhook(owner, url="http://shop.example/")
    settings.PRODUCTION = True
    refusal = owner.post("webhooks/", BODY | {"url": "http://shop.example/"})
    check_problem(refusal, 422, "webhook_url_not_allowed")
    create_webhook(owner)


def test_an_album_that_the_caller_may_not_see_gets_404(owner: Caller, bob: User) -> None:
    hidden = album_create(user=bob, name="Hidden")
    check_problem(owner.post("webhooks/", BODY | {"album": str(hidden.pk)}), 404, "not_found")


def test_the_number_of_webhooks_of_a_user_is_limited(owner: Caller, stranger: Caller) -> None:
    for _ in range(MOST_WEBHOOKS):
        create_webhook(owner)
    check_problem(owner.post("webhooks/", BODY), 409, "too_many_webhooks")
    create_webhook(stranger)


def test_a_patch_changes_only_the_given_fields(owner: Caller, photo: Photo) -> None:
    webhook = create_webhook(owner, album=str(photo.album_id), description="Shop")
    del webhook["secret"]
    path = f"webhooks/{webhook['id']}/"
    assert owner.patch(path, {}).json() == webhook
    for change in (
        {"album": None},
        {"active": False},
        {"url": "https://shop.example/other", "events": ["detection.failed"]},
        {"description": ""},
    ):
        webhook |= change
        assert owner.patch(path, change).json() == webhook
    check_problem(owner.patch(path, {"events": []}), 422, "invalid")
    check_problem(owner.patch(path, {"url": "https://10.0.0.1/"}), 422, "webhook_url_not_allowed")


def test_a_disabled_webhook_states_the_reason_and_can_be_enabled(owner: Caller) -> None:
    path = f"webhooks/{create_webhook(owner)['id']}/"
    webhook_disable(Webhook.objects.get(), DisabledReason.FAILING)
    body = owner.get(path).json()
    assert (body["active"], body["disabled"]["code"]) == (False, "failing")
    assert "for a day" in body["disabled"]["message"]
    assert datetime.fromisoformat(body["disabled"]["at"]) <= timezone.now()
    for action in ("test/", "rotate-secret/"):
        status = owner.post(path + action).status_code
        assert status == (409 if action == "test/" else 200)
    body = owner.patch(path, {"active": True}).json()
    assert (body["active"], body["disabled"]) == (True, None)


def test_a_rotated_secret_stays_valid_for_a_day(owner: Caller) -> None:
    webhook = create_webhook(owner)
    rotated = owner.post(f"webhooks/{webhook['id']}/rotate-secret/").json()
    assert rotated["secret"] not in ("", webhook["secret"])
    left = datetime.fromisoformat(rotated["previous_secret_expires_at"]) - timezone.now()
    assert timedelta(hours=23) < left <= timedelta(hours=24)


def test_a_test_delivery_is_sent_and_can_be_replayed(owner: Caller, receiver: Receiver) -> None:
    receiver.respond = build_responder(200, b"hello")
    webhook = create_webhook(owner, url=receiver.build_url())
    response = owner.post(f"webhooks/{webhook['id']}/test/")
    assert response.status_code == 202
    assert (response.json()["state"], response.json()["attempts"]) == ("queued", 0)
    assert response.json()["last_try"] is None
    check_problem(owner.post(f"{response['Location']}replay/"), 409, "delivery_unfinished")

    send_due()
    delivery = owner.get(response["Location"]).json()
    assert (delivery["state"], delivery["event"]) == ("delivered", "ping")
    assert delivery["tries"] == [delivery["last_try"]]
    assert (delivery["last_try"]["status"], delivery["last_try"]["excerpt"]) == (200, "hello")
    (request,) = receiver.requests
    assert request.verify(webhook["secret"]) == delivery["payload"]
    assert delivery["payload"]["data"] == {"webhook": webhook["id"]}

    replay = owner.post(f"{response['Location']}replay/")
    assert (replay.status_code, replay["Location"]) == (202, response["Location"])
    send_due()
    assert [call.headers["webhook-id"] for call in receiver.requests] == [delivery["id"]] * 2
    (row,) = owner.get(f"webhooks/{webhook['id']}/deliveries/").json()["results"]
    assert set(delivery) - set(row) == {"payload", "tries"}


def test_the_delivery_log_is_filtered(owner: Caller, alice: User, photo: Photo) -> None:
    webhook = create_webhook(owner, events=Event.values)
    rows.upload(alice)
    owner.post(f"webhooks/{webhook['id']}/test/")
    log = f"webhooks/{webhook['id']}/deliveries/"
    assert [row["event"] for row in owner.get(log).json()["results"]] == ["ping", "photo.created"]
    filtered_rows = owner.get(log, event="photo.created").json()["results"]
    assert [row["event"] for row in filtered_rows] == ["photo.created"]
    assert owner.get(log, state="delivered").json()["results"] == []
    check_problem(owner.get(log, event="x"), 400, "invalid_parameter")


def test_a_webhook_is_deleted_with_its_deliveries(owner: Caller) -> None:
    path = f"webhooks/{create_webhook(owner)['id']}/"
    delivery = owner.post(f"{path}test/")["Location"]
    assert owner.delete(path).status_code == 204
    assert not Delivery.objects.exists()
    check_problem(owner.get(path), 404, "not_found")
    check_problem(owner.get(delivery), 404, "not_found")


def test_only_the_owner_sees_a_webhook(
    owner: Caller, viewer: Caller, stranger: Caller, photo: Photo
) -> None:
    path = f"webhooks/{create_webhook(owner, album=str(photo.album_id))['id']}/"
    delivery = owner.post(f"{path}test/")["Location"]
    for other, status, code in (
        (viewer, 404, "not_found"),
        (stranger, 404, "not_found"),
        (Caller(), 401, "not_authenticated"),
    ):
        for response in (
            other.get(path),
            other.patch(path, {"active": False}),
            other.delete(path),
            other.post(f"{path}rotate-secret/"),
            other.post(f"{path}test/"),
            other.get(f"{path}deliveries/"),
            other.get(delivery),
            other.post(f"{delivery}replay/"),
        ):
            check_problem(response, status, code)
    for other in (viewer, stranger):
        assert other.get("webhooks/").json()["results"] == []


@pytest.mark.parametrize(
    ("scope", "may_write"), [("webhooks:read", False), ("webhooks:write", True)]
)
def test_a_token_needs_the_webhook_scope(
    owner: Caller, alice: User, scope: str, *, may_write: bool
) -> None:
    path = f"webhooks/{create_webhook(owner)['id']}/"
    token = token_create(user=alice, name="x", scopes=[scope], expires_in=None)[1]
    script = use_token(token)
    assert script.get(path).status_code == (403 if may_write else 200)
    assert script.post(f"{path}rotate-secret/").status_code == (200 if may_write else 403)
