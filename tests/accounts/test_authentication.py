"""Signing in by a token over HTTP: accepted and refused requests."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.urls import path
from django.utils import timezone
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from accounts import scopes
from accounts.authentication import HasScope, TokenAuthentication
from accounts.models import Token
from accounts.scopes import Resource
from accounts.services import token_create
from tests.people import create_alice

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class CallerView(APIView):
    """A view that returns its caller and requires scopes of two resources."""

    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [HasScope]

    def get_required_scopes(self, method: str) -> list[str]:
        verb = scopes.get_verb(method)
        return [scopes.format_scope(of, verb) for of in (Resource.PHOTOS, Resource.MASKS)]

    def get(self, request: Request) -> Response:
        return Response({"email": str(request.user)})

    post = get


CHALLENGE = 'Bearer realm="Vanish"'
INVALID_TOKEN = f'{CHALLENGE}, error="invalid_token"'
urlpatterns = [path("who", CallerView.as_view())]


def create_client(header: str | bytes | None = None) -> APIClient:
    api = APIClient(raise_request_exception=True)
    if header is not None:
        api.credentials(HTTP_AUTHORIZATION=header)
    return api


def create_token(*granted: str) -> tuple[Token, str]:
    return token_create(
        user=create_alice(), name="script", scopes=granted, expires_in=timedelta(days=1)
    )


def test_a_token_signs_in_and_its_use_is_recorded() -> None:
    token, text = create_token("read")
    response = create_client(f"Token {text}").get("/who")
    assert (response.status_code, response.json()) == (200, {"email": "alice@people.example"})
    token.refresh_from_db()
    assert token.last_used_at is not None


@pytest.mark.parametrize("scheme", ["token", "TOKEN", "Bearer", "bearer"])
def test_the_scheme_is_read_in_any_case(scheme: str) -> None:
    _, text = create_token("read")
    assert create_client(f"{scheme} {text}").get("/who").status_code == 200


def test_an_expired_token_gets_401_with_its_expiry() -> None:
    token, text = create_token("read")
    Token.objects.filter(pk=token.pk).update(expiry=timezone.now() - timedelta(days=3))
    token.refresh_from_db()
    response = create_client(f"Token {text}").get("/who")
    assert (response.status_code, response["WWW-Authenticate"]) == (401, INVALID_TOKEN)
    assert f"expired on {token.expiry:%Y-%m-%d %H:%M} UTC" in response.json()["detail"]
    assert "create a new one" in response.json()["detail"]
    assert Token.objects.filter(pk=token.pk, last_used_at=None).exists()


@pytest.mark.parametrize(
    "header",
    [
        "Token",
        "Token ",
        "Token two words",
        b"Token \xff\xfe\xfa",
        "Token " + "é" * 40,
        "Token " + "0" * 64,
        "Token \x00",
        "Token " + "a" * 5000,
    ],
    ids=["empty", "blank", "two", "not-utf-8", "not-ascii", "unknown", "nul", "long"],
)
def test_an_invalid_token_gets_401_with_an_explanation(header: str | bytes) -> None:
    create_token("read")
    response = create_client(header).get("/who")
    assert response.status_code == 401
    assert response.json()["detail"].startswith(("Write the header as", "There is no such token"))


def test_a_token_with_a_wrong_last_character_is_unknown() -> None:
    _, text = create_token("read")
    wrong = text[:-1] + ("0" if text[-1] != "0" else "1")
    assert create_client(f"Token {wrong}").get("/who").status_code == 401


@pytest.mark.parametrize("header", [None, "Digest abc", "Basic abc"])
def test_without_a_token_nobody_is_signed_in(header: str | None) -> None:
    response = create_client(header).get("/who")
    assert (response.status_code, response["WWW-Authenticate"]) == (401, CHALLENGE)


def test_the_token_of_a_closed_account_is_refused() -> None:
    token, text = create_token("read")
    token.user.is_active = False
    token.user.save()
    response = create_client(f"Token {text}").get("/who")
    assert response.status_code == 401
    assert "closed" in response.json()["detail"]


@pytest.mark.parametrize(
    ("granted", "method", "missing"),
    [
        (["read"], "get", []),
        (["read"], "post", ["photos:write", "masks:write"]),
        (["write"], "get", ["photos:read", "masks:read"]),
        (["write"], "post", []),
        (["photos:read", "masks:read"], "get", []),
        (["photos:read", "masks:read"], "post", ["photos:write", "masks:write"]),
        (["photos:write", "masks:read"], "post", ["masks:write"]),
        (["photos:write", "read"], "get", []),
        (["photos:write", "edits:write"], "get", ["photos:read", "masks:read"]),
    ],
)
def test_all_scopes_are_needed_and_every_missing_one_is_named(
    granted: list[str], method: str, missing: list[str]
) -> None:
    _, text = create_token(*granted)
    response = getattr(create_client(f"Token {text}"), method)("/who")
    if not missing:
        assert response.status_code == 200
        return
    assert (response.status_code, response.json()["code"]) == (403, "scope_missing")
    assert response.json()["missing_scopes"] == missing
    assert all(f"“{name}”" in response.json()["detail"] for name in missing)
    assert 'error="insufficient_scope"' in response["WWW-Authenticate"]


def test_a_session_may_read_and_write() -> None:
    api = create_client()
    api.force_login(create_alice())
    assert api.get("/who").status_code == 200
    assert api.post("/who").status_code == 200


@override_settings(DEMO_ENABLED=False, DEMO_EMAIL="Alice@people.example")
def test_tokens_of_a_closed_demo_account_are_refused() -> None:
    _, text = create_token("read")
    response = create_client(f"Token {text}").get("/who")
    assert response.status_code == 401
    assert "closed" in response.json()["detail"]
