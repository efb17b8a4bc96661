"""Signing up, in and out on the pages."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.people import PASSWORD, create_alice, create_bob

pytestmark = pytest.mark.django_db
SIGN_UP = {"email": "Dora@People.Example", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture(autouse=True)
def _no_rate_limit_from_other_tests() -> None:
    cache.clear()


def get_signed_in_user(client: Client) -> User | None:
    user = client.get(reverse("account_login")).wsgi_request.user
    return user if isinstance(user, User) else None


def test_signing_up_signs_in_and_redirects_to_the_photos() -> None:
    client = Client()
    assert client.get(reverse("account_signup")).status_code == 200
    response = client.post(reverse("account_signup"), SIGN_UP)
    assert (response.status_code, response["Location"]) == (302, reverse("photos"))
    user = User.objects.get()
    assert user.email == "dora@people.example"
    assert get_signed_in_user(client) == user
    assert mail.outbox[0].to == ["dora@people.example"]


@pytest.mark.parametrize(
    "change",
    [
        {"email": "no address"},
        {"email": ""},
        {"password1": "12345678", "password2": "12345678"},
        {"password1": "dora@people", "password2": "dora@people"},
        {"password2": "another one altogether"},
    ],
    ids=["no-address", "nothing", "common", "like-the-address", "differing"],
)
def test_an_invalid_sign_up_shows_errors_and_creates_no_user(change: dict[str, str]) -> None:
    client = Client()
    response = client.post(reverse("account_signup"), SIGN_UP | change)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not User.objects.exists()
    assert get_signed_in_user(client) is None


def test_a_taken_address_creates_no_second_account_and_no_session() -> None:
    user = create_alice(password=PASSWORD)
    client = Client()
    client.post(reverse("account_signup"), SIGN_UP | {"email": user.email.upper()})
    assert User.objects.get() == user
    assert get_signed_in_user(client) is None


def test_a_user_signs_in_by_address_in_any_case_and_out_again() -> None:
    user = create_alice(password=PASSWORD)
    client = Client()
    form = {"login": user.email.upper(), "password": PASSWORD}
    response = client.post(reverse("account_login"), form)
    assert (response.status_code, response["Location"]) == (302, reverse("photos"))
    assert get_signed_in_user(client) == user
    response = client.post(reverse("account_logout"))
    assert (response.status_code, response["Location"]) == (302, reverse("home"))
    assert get_signed_in_user(client) is None


def test_a_get_request_does_not_sign_out() -> None:
    user = create_alice()
    client = Client()
    client.force_login(user)
    assert client.get(reverse("account_logout")).status_code == 200
    assert get_signed_in_user(client) == user


def test_a_wrong_password_and_an_unknown_address_get_the_same_response() -> None:
    user = create_alice(password=PASSWORD)
    errors = []
    for login, password in [(user.email, "wrong"), ("nobody@people.example", PASSWORD)]:
        client = Client()
        response = client.post(reverse("account_login"), {"login": login, "password": password})
        assert response.status_code == 200
        assert get_signed_in_user(client) is None
        errors.append(response.context["form"].errors.as_text())
    assert errors[0]
    assert errors[0] == errors[1]


def test_a_closed_account_cannot_sign_in() -> None:
    user = create_bob(password=PASSWORD)
    user.is_active = False
    user.save()
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert get_signed_in_user(client) is None


def test_forms_without_the_csrf_token_are_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(reverse("account_signup"), SIGN_UP).status_code == 403
    assert not User.objects.exists()
