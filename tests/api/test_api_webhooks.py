"""webhooks/ and webhook-deliveries/: made, changed, tried and looked into by their owner."""

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
from tests.api.caller import Caller, by_token, pointers, problem
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


def made(caller: Caller, **body: Any) -> dict[str, Any]:
    got = caller.post("webhooks/", BODY | body)
    assert got.status_code == 201, got.body
    webhook: dict[str, Any] = got.json()
    return webhook


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """127.0.0.1 and its port count as public."""
    with serve() as running:
        policy = Policy(
            allowed_ports=frozenset({running.port}), allowed_networks=(ip_network("127.0.0.1/32"),)
        )
        monkeypatch.setattr(outbound, "PUBLIC_WEB", policy)
        yield running


def test_a_webhook_is_made_and_its_secret_shown_once(owner: Caller, photo: Photo) -> None:
    album = str(photo.album_id)
    wishes = {"events": ["photo.created", "edit.failed", "edit.failed"], "album": album}
    webhook = made(owner, description="Shop", **wishes)
    secret = webhook.pop("secret")
    assert secret.startswith("whsec_")
    assert set(webhook) == FIELDS
    assert (webhook["events"], webhook["album"]) == (["edit.failed", "photo.created"], album)
    assert (webhook["active"], webhook["disabled"]) == (True, None)
    got = owner.get(f"webhooks/{webhook['id']}/")
    assert got.json() == webhook
    assert secret not in got.body.decode()
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
def test_wishes_that_are_none(owner: Caller, body: Any, code: str, pointer: str) -> None:
    refusal = problem(owner.post("webhooks/", BODY | body), 422, code)
    assert pointers(refusal) == [pointer]
    assert "secret" not in str(refusal)
    assert not Webhook.objects.exists()


def test_http_is_for_laptops(owner: Caller, settings: Settings) -> None:
    made(owner, url="http://shop.example/")
    settings.PRODUCTION = True
    refused = owner.post("webhooks/", BODY | {"url": "http://shop.example/"})
    problem(refused, 422, "webhook_url_not_allowed")
    made(owner)


def test_an_album_that_the_asker_may_not_see_is_none(owner: Caller, bob: User) -> None:
    hidden = album_create(user=bob, name="Hidden")
    problem(owner.post("webhooks/", BODY | {"album": str(hidden.pk)}), 404, "not_found")


def test_there_are_only_so_many(owner: Caller, stranger: Caller) -> None:
    for _ in range(MOST_WEBHOOKS):
        made(owner)
    problem(owner.post("webhooks/", BODY), 409, "too_many_webhooks")
    made(stranger)


def test_what_is_named_is_changed_and_nothing_else(owner: Caller, photo: Photo) -> None:
    webhook = made(owner, album=str(photo.album_id), description="Shop")
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
    problem(owner.patch(path, {"events": []}), 422, "invalid")
    problem(owner.patch(path, {"url": "https://10.0.0.1/"}), 422, "webhook_url_not_allowed")


def test_one_that_was_disabled_says_why_and_is_switched_on_again(owner: Caller) -> None:
    path = f"webhooks/{made(owner)['id']}/"
    webhook_disable(Webhook.objects.get(), DisabledReason.FAILING)
    told = owner.get(path).json()
    assert (told["active"], told["disabled"]["code"]) == (False, "failing")
    assert "for a day" in told["disabled"]["message"]
    assert datetime.fromisoformat(told["disabled"]["at"]) <= timezone.now()
    for act in ("test/", "rotate-secret/"):
        status = owner.post(path + act).status_code
        assert status == (409 if act == "test/" else 200)
    told = owner.patch(path, {"active": True}).json()
    assert (told["active"], told["disabled"]) == (True, None)


def test_a_secret_is_rotated(owner: Caller) -> None:
    webhook = made(owner)
    rotated = owner.post(f"webhooks/{webhook['id']}/rotate-secret/").json()
    assert rotated["secret"] not in ("", webhook["secret"])
    left = datetime.fromisoformat(rotated["previous_secret_expires_at"]) - timezone.now()
    assert timedelta(hours=23) < left <= timedelta(hours=24)


def test_a_try_is_sent_and_can_be_followed_and_sent_again(
    owner: Caller, receiver: Receiver
) -> None:
    receiver.respond = build_responder(200, b"hello")
    webhook = made(owner, url=receiver.build_url())
    asked = owner.post(f"webhooks/{webhook['id']}/test/")
    assert asked.status_code == 202
    assert (asked.json()["state"], asked.json()["attempts"]) == ("queued", 0)
    assert asked.json()["last_try"] is None
    problem(owner.post(f"{asked['Location']}replay/"), 409, "delivery_unfinished")

    send_due()
    delivery = owner.get(asked["Location"]).json()
    assert (delivery["state"], delivery["event"]) == ("delivered", "ping")
    assert delivery["tries"] == [delivery["last_try"]]
    assert (delivery["last_try"]["status"], delivery["last_try"]["excerpt"]) == (200, "hello")
    (request,) = receiver.requests
    assert request.verify(webhook["secret"]) == delivery["payload"]
    assert delivery["payload"]["data"] == {"webhook": webhook["id"]}

    again = owner.post(f"{asked['Location']}replay/")
    assert (again.status_code, again["Location"]) == (202, asked["Location"])
    send_due()
    assert [call.headers["webhook-id"] for call in receiver.requests] == [delivery["id"]] * 2
    (row,) = owner.get(f"webhooks/{webhook['id']}/deliveries/").json()["results"]
    assert set(delivery) - set(row) == {"payload", "tries"}


def test_the_log_is_filtered(owner: Caller, alice: User, photo: Photo) -> None:
    webhook = made(owner, events=Event.values)
    rows.upload(alice)
    owner.post(f"webhooks/{webhook['id']}/test/")
    log = f"webhooks/{webhook['id']}/deliveries/"
    assert [row["event"] for row in owner.get(log).json()["results"]] == ["ping", "photo.created"]
    found = owner.get(log, event="photo.created").json()["results"]
    assert [row["event"] for row in found] == ["photo.created"]
    assert owner.get(log, state="delivered").json()["results"] == []
    problem(owner.get(log, event="x"), 400, "invalid_parameter")


def test_deleted_with_its_log(owner: Caller) -> None:
    path = f"webhooks/{made(owner)['id']}/"
    delivery = owner.post(f"{path}test/")["Location"]
    assert owner.delete(path).status_code == 204
    assert not Delivery.objects.exists()
    problem(owner.get(path), 404, "not_found")
    problem(owner.get(delivery), 404, "not_found")


def test_nobody_else_sees_it_members_of_the_album_included(
    owner: Caller, viewer: Caller, stranger: Caller, photo: Photo
) -> None:
    path = f"webhooks/{made(owner, album=str(photo.album_id))['id']}/"
    delivery = owner.post(f"{path}test/")["Location"]
    for other, status, code in (
        (viewer, 404, "not_found"),
        (stranger, 404, "not_found"),
        (Caller(), 401, "not_authenticated"),
    ):
        for tried in (
            other.get(path),
            other.patch(path, {"active": False}),
            other.delete(path),
            other.post(f"{path}rotate-secret/"),
            other.post(f"{path}test/"),
            other.get(f"{path}deliveries/"),
            other.get(delivery),
            other.post(f"{delivery}replay/"),
        ):
            problem(tried, status, code)
    for other in (viewer, stranger):
        assert other.get("webhooks/").json()["results"] == []


@pytest.mark.parametrize(
    ("scope", "may_write"), [("webhooks:read", False), ("webhooks:write", True)]
)
def test_a_token_needs_the_scope(
    owner: Caller, alice: User, scope: str, *, may_write: bool
) -> None:
    path = f"webhooks/{made(owner)['id']}/"
    token = token_create(user=alice, name="x", scopes=[scope], expires_in=None)[1]
    script = by_token(token)
    assert script.get(path).status_code == (403 if may_write else 200)
    assert script.post(f"{path}rotate-secret/").status_code == (200 if may_write else 403)
