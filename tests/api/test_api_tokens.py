"""auth/tokens/: create with a password or in a session, list and revoke."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Token, User
from accounts.services import token_create
from tests import people
from tests.api.caller import Caller, check_problem, list_pointers, sign_in, use_token

PATH = "auth/tokens/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def dana() -> User:
    """A user with a password."""
    return people.create_person("dana", password=people.PASSWORD)


def build_credentials(**changes: Any) -> dict[str, Any]:
    valid = {"email": "dana@people.example", "password": people.PASSWORD, "name": "laptop"}
    return valid | changes


def test_a_password_gives_a_token_that_works(dana: User) -> None:
    response = Caller().post(PATH, build_credentials(scopes=["read"], expires_in_days=7))
    token = response.json()
    assert response.status_code == 201
    assert response["Cache-Control"] == "private, no-store"
    assert (token["name"], token["scopes"], token["last_used_at"]) == ("laptop", ["read"], None)
    time_left = datetime.fromisoformat(token["expires_at"]) - timezone.now()
    assert timedelta(days=6, hours=23) < time_left <= timedelta(days=7)
    assert use_token(token["token"]).get("me/").json()["email"] == dana.email


def test_a_token_reads_and_writes_for_ninety_days_by_default(dana: User) -> None:
    token = Caller().post(PATH, build_credentials()).json()
    assert token["scopes"] == ["read", "write"]
    time_left = datetime.fromisoformat(token["expires_at"]) - timezone.now()
    assert timedelta(days=89) < time_left <= timedelta(days=90)


def test_a_token_with_null_days_never_expires(dana: User) -> None:
    assert Caller().post(PATH, build_credentials(expires_in_days=None)).json()["expires_at"] is None


def test_the_address_is_read_in_any_case(dana: User) -> None:
    assert Caller().post(PATH, build_credentials(email="DANA@people.example")).status_code == 201


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "wrong"},
        {"email": "nobody@people.example"},
        {"password": f" {people.PASSWORD}"},
    ],
)
def test_wrong_credentials_do_not_say_what_was_wrong(dana: User, wrong: dict[str, str]) -> None:
    response = Caller().post(PATH, build_credentials(**wrong))
    body = check_problem(response, 401, "wrong_credentials")
    assert body["detail"] == "The e-mail address or the password is wrong."
    assert "WWW-Authenticate" in response
    assert not Token.objects.exists()


def test_a_closed_account_gets_no_token(dana: User) -> None:
    User.objects.filter(pk=dana.pk).update(is_active=False)
    check_problem(Caller().post(PATH, build_credentials()), 401, "wrong_credentials")


def test_the_demo_account_gets_no_token_where_it_is_closed(dana: User, settings: Any) -> None:
    settings.DEMO_EMAIL, settings.DEMO_ENABLED = dana.email, False
    check_problem(Caller().post(PATH, build_credentials()), 401, "wrong_credentials")


def test_after_five_wrong_passwords_even_the_right_one_is_refused(dana: User) -> None:
    for _ in range(5):
        check_problem(
            Caller().post(PATH, build_credentials(password="guess")), 401, "wrong_credentials"
        )
    response = Caller().post(PATH, build_credentials())
    check_problem(response, 429, "too_many_attempts")
    assert response["Retry-After"] == "300"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (build_credentials(name=""), "name"),
        (build_credentials(name="x" * 101), "name"),
        (build_credentials(scopes=["admin"]), "scopes/0"),
        (build_credentials(scopes=[]), "scopes"),
        (build_credentials(scopes="read"), "scopes"),
        (build_credentials(expires_in_days=0), "expires_in_days"),
        (build_credentials(expires_in_days=3651), "expires_in_days"),
        (build_credentials(expires_in_days="soon"), "expires_in_days"),
        ({"email": "dana@people.example", "name": "x"}, "password"),
        ({"password": people.PASSWORD, "name": "x"}, "email"),
        ({}, "name"),
    ],
)
def test_an_invalid_request_names_the_field(dana: User, body: dict[str, Any], field: str) -> None:
    response = Caller().post(PATH, body)
    assert response.status_code == 422
    assert list_pointers(response.json()) == [f"#/{field}"]
    assert not Token.objects.exists()


def test_without_session_or_password_there_is_no_token() -> None:
    check_problem(Caller().post(PATH, {"name": "laptop"}), 401, "not_authenticated")


def test_a_session_needs_no_password(owner: Caller, alice: User) -> None:
    token = owner.post(PATH, {"name": "laptop", "scopes": ["write", "read"]}).json()
    assert Token.objects.get(pk=Token.objects.get(id=token["id"]).pk).user == alice
    assert token["scopes"] == ["read", "write"]


def test_a_session_needs_the_csrf_token(alice: User) -> None:
    caller = Caller(Client(enforce_csrf_checks=True))
    caller.client.force_login(alice)
    body = check_problem(caller.post(PATH, {"name": "laptop"}), 403, "permission_denied")
    assert "CSRF" in body["detail"]


def test_a_token_may_not_create_tokens(alice: User) -> None:
    _, text = token_create(user=alice, name="a", scopes=["read", "write"], expires_in=None)
    check_problem(use_token(text).post(PATH, {"name": "b"}), 403, "token_cannot_make_tokens")


def test_the_list_has_own_tokens_without_their_text(owner: Caller, alice: User, bob: User) -> None:
    _, text = token_create(user=alice, name="first", scopes=["read"], expires_in=None)
    token_create(user=alice, name="second", scopes=["read"], expires_in=None)
    token_create(user=bob, name="other", scopes=["read"], expires_in=None)
    response = owner.get(PATH)
    assert [row["name"] for row in response.json()["results"]] == ["second", "first"]
    assert set(response.json()["results"][0]) == {
        "id", "name", "scopes", "created_at", "expires_at", "last_used_at",
    }  # fmt: skip
    assert text not in response.content.decode()


def test_a_revoked_token_is_refused_immediately(owner: Caller, alice: User) -> None:
    token, text = token_create(user=alice, name="a", scopes=["read"], expires_in=None)
    assert owner.delete(f"{PATH}{token.id}/").status_code == 204
    check_problem(use_token(text).get("me/"), 401, "token_unknown")
    check_problem(owner.delete(f"{PATH}{token.id}/"), 404, "not_found")


def test_a_user_may_not_revoke_the_token_of_another(alice: User, bob: User) -> None:
    token, _ = token_create(user=alice, name="a", scopes=["read"], expires_in=None)
    check_problem(sign_in(bob).delete(f"{PATH}{token.id}/"), 404, "not_found")
    assert Token.objects.filter(pk=token.pk).exists()


def test_an_expired_token_gets_401_with_the_reason(alice: User) -> None:
    token, text = token_create(user=alice, name="a", scopes=["read"], expires_in=timedelta(days=1))
    Token.objects.filter(pk=token.pk).update(expiry=timezone.now() - timedelta(seconds=1))
    response = use_token(text).get("me/")
    assert "expired" in check_problem(response, 401, "token_expired")["detail"]
    assert 'error="invalid_token"' in response["WWW-Authenticate"]


def test_a_token_with_read_scope_may_not_write(alice: User) -> None:
    _, text = token_create(user=alice, name="a", scopes=["read"], expires_in=None)
    body = check_problem(use_token(text).post("albums/", {"name": "x"}), 403, "scope_missing")
    assert "write" in body["detail"]
