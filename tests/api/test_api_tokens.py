"""auth/tokens/: made with a password or in a session, listed, revoked."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Token, User
from accounts.services import token_create
from tests import people
from tests.api.caller import Caller, by_token, pointers, problem, session

PATH = "auth/tokens/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def dana() -> User:
    """Somebody with a password."""
    return people.create_person("dana", password=people.PASSWORD)


def credentials(**changes: Any) -> dict[str, Any]:
    known = {"email": "dana@people.example", "password": people.PASSWORD, "name": "laptop"}
    return known | changes


def test_a_password_gives_a_token_that_works(dana: User) -> None:
    answer = Caller().post(PATH, credentials(scopes=["read"], expires_in_days=7))
    made = answer.json()
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "private, no-store"
    assert (made["name"], made["scopes"], made["last_used_at"]) == ("laptop", ["read"], None)
    ends = datetime.fromisoformat(made["expires_at"]) - timezone.now()
    assert timedelta(days=6, hours=23) < ends <= timedelta(days=7)
    assert by_token(made["token"]).get("me/").json()["email"] == dana.email


def test_it_reads_and_writes_for_ninety_days_unless_told_otherwise(dana: User) -> None:
    made = Caller().post(PATH, credentials()).json()
    assert made["scopes"] == ["read", "write"]
    ends = datetime.fromisoformat(made["expires_at"]) - timezone.now()
    assert timedelta(days=89) < ends <= timedelta(days=90)


def test_null_days_never_end(dana: User) -> None:
    assert Caller().post(PATH, credentials(expires_in_days=None)).json()["expires_at"] is None


def test_the_address_is_read_in_any_case(dana: User) -> None:
    assert Caller().post(PATH, credentials(email="DANA@people.example")).status_code == 201


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "wrong"},
        {"email": "nobody@people.example"},
        {"password": f" {people.PASSWORD}"},
    ],
)
def test_wrong_credentials_do_not_say_what_was_wrong(dana: User, wrong: dict[str, str]) -> None:
    answer = Caller().post(PATH, credentials(**wrong))
    body = problem(answer, 401, "wrong_credentials")
    assert body["detail"] == "The e-mail address or the password is wrong."
    assert "WWW-Authenticate" in answer
    assert not Token.objects.exists()


def test_a_closed_account_gets_no_token(dana: User) -> None:
    User.objects.filter(pk=dana.pk).update(is_active=False)
    problem(Caller().post(PATH, credentials()), 401, "wrong_credentials")


def test_the_demo_account_gets_no_token_where_it_is_closed(dana: User, settings: Any) -> None:
    settings.DEMO_EMAIL, settings.DEMO_ENABLED = dana.email, False
    problem(Caller().post(PATH, credentials()), 401, "wrong_credentials")


def test_guessing_is_stopped_even_with_the_right_password_then(dana: User) -> None:
    for _ in range(5):
        problem(Caller().post(PATH, credentials(password="guess")), 401, "wrong_credentials")
    answer = Caller().post(PATH, credentials())
    problem(answer, 429, "too_many_attempts")
    assert answer["Retry-After"] == "300"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (credentials(name=""), "name"),
        (credentials(name="x" * 101), "name"),
        (credentials(scopes=["admin"]), "scopes/0"),
        (credentials(scopes=[]), "scopes"),
        (credentials(scopes="read"), "scopes"),
        (credentials(expires_in_days=0), "expires_in_days"),
        (credentials(expires_in_days=3651), "expires_in_days"),
        (credentials(expires_in_days="soon"), "expires_in_days"),
        ({"email": "dana@people.example", "name": "x"}, "password"),
        ({"password": people.PASSWORD, "name": "x"}, "email"),
        ({}, "name"),
    ],
)
def test_a_senseless_wish_names_the_field(dana: User, body: dict[str, Any], field: str) -> None:
    answer = Caller().post(PATH, body)
    assert answer.status_code == 422
    assert pointers(answer.json()) == [f"#/{field}"]
    assert not Token.objects.exists()


def test_without_session_or_password_there_is_no_token() -> None:
    problem(Caller().post(PATH, {"name": "laptop"}), 401, "not_authenticated")


def test_a_session_needs_no_password(owner: Caller, alice: User) -> None:
    made = owner.post(PATH, {"name": "laptop", "scopes": ["write", "read"]}).json()
    assert Token.objects.get(pk=Token.objects.get(id=made["id"]).pk).user == alice
    assert made["scopes"] == ["read", "write"]


def test_a_session_needs_the_csrf_token(alice: User) -> None:
    caller = Caller(Client(enforce_csrf_checks=True))
    caller.client.force_login(alice)
    body = problem(caller.post(PATH, {"name": "laptop"}), 403, "permission_denied")
    assert "CSRF" in body["detail"]


def test_a_token_makes_no_tokens(alice: User) -> None:
    _, text = token_create(user=alice, name="a", scopes=["read", "write"], expires_in=None)
    problem(by_token(text).post(PATH, {"name": "b"}), 403, "token_cannot_make_tokens")


def test_the_list_shows_ones_own_without_their_text(owner: Caller, alice: User, bob: User) -> None:
    _, text = token_create(user=alice, name="first", scopes=["read"], expires_in=None)
    token_create(user=alice, name="second", scopes=["read"], expires_in=None)
    token_create(user=bob, name="other", scopes=["read"], expires_in=None)
    answer = owner.get(PATH)
    assert [row["name"] for row in answer.json()["results"]] == ["second", "first"]
    assert set(answer.json()["results"][0]) == {
        "id", "name", "scopes", "created_at", "expires_at", "last_used_at",
    }  # fmt: skip
    assert text not in answer.content.decode()


def test_a_revoked_token_is_dead_at_once(owner: Caller, alice: User) -> None:
    token, text = token_create(user=alice, name="a", scopes=["read"], expires_in=None)
    assert owner.delete(f"{PATH}{token.id}/").status_code == 204
    problem(by_token(text).get("me/"), 401, "token_unknown")
    problem(owner.delete(f"{PATH}{token.id}/"), 404, "not_found")


def test_nobody_revokes_anothers(alice: User, bob: User) -> None:
    token, _ = token_create(user=alice, name="a", scopes=["read"], expires_in=None)
    problem(session(bob).delete(f"{PATH}{token.id}/"), 404, "not_found")
    assert Token.objects.filter(pk=token.pk).exists()


def test_an_expired_token_is_told_so(alice: User) -> None:
    token, text = token_create(user=alice, name="a", scopes=["read"], expires_in=timedelta(days=1))
    Token.objects.filter(pk=token.pk).update(expiry=timezone.now() - timedelta(seconds=1))
    answer = by_token(text).get("me/")
    assert "expired" in problem(answer, 401, "token_expired")["detail"]
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]


def test_a_reading_token_changes_nothing(alice: User) -> None:
    _, text = token_create(user=alice, name="a", scopes=["read"], expires_in=None)
    body = problem(by_token(text).post("albums/", {"name": "x"}), 403, "scope_missing")
    assert "write" in body["detail"]
