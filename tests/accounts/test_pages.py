"""Signing up, in and out through the pages."""

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


def signed_in_user(client: Client) -> User | None:
    user = client.get(reverse("account_login")).wsgi_request.user
    return user if isinstance(user, User) else None


def test_signing_up_signs_in_and_leads_to_the_photos() -> None:
    client = Client()
    assert client.get(reverse("account_signup")).status_code == 200
    answer = client.post(reverse("account_signup"), SIGN_UP)
    assert (answer.status_code, answer["Location"]) == (302, reverse("photos"))
    user = User.objects.get()
    assert user.email == "dora@people.example"
    assert signed_in_user(client) == user
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
def test_a_bad_sign_up_says_why_and_makes_nobody(change: dict[str, str]) -> None:
    client = Client()
    answer = client.post(reverse("account_signup"), SIGN_UP | change)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not User.objects.exists()
    assert signed_in_user(client) is None


def test_a_taken_address_makes_no_second_account_and_does_not_tell_on_the_page() -> None:
    user = create_alice(password=PASSWORD)
    client = Client()
    client.post(reverse("account_signup"), SIGN_UP | {"email": user.email.upper()})
    assert User.objects.get() == user
    assert signed_in_user(client) is None


def test_signing_in_by_address_in_any_case_and_out_again() -> None:
    user = create_alice(password=PASSWORD)
    client = Client()
    form = {"login": user.email.upper(), "password": PASSWORD}
    answer = client.post(reverse("account_login"), form)
    assert (answer.status_code, answer["Location"]) == (302, reverse("photos"))
    assert signed_in_user(client) == user
    answer = client.post(reverse("account_logout"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("home"))
    assert signed_in_user(client) is None


def test_signing_out_takes_more_than_following_a_link() -> None:
    user = create_alice()
    client = Client()
    client.force_login(user)
    assert client.get(reverse("account_logout")).status_code == 200
    assert signed_in_user(client) == user


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer() -> None:
    user = create_alice(password=PASSWORD)
    sentences = []
    for login, password in [(user.email, "wrong"), ("nobody@people.example", PASSWORD)]:
        client = Client()
        answer = client.post(reverse("account_login"), {"login": login, "password": password})
        assert answer.status_code == 200
        assert signed_in_user(client) is None
        sentences.append(answer.context["form"].errors.as_text())
    assert sentences[0]
    assert sentences[0] == sentences[1]


def test_a_closed_account_does_not_come_in() -> None:
    user = create_bob(password=PASSWORD)
    user.is_active = False
    user.save()
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert signed_in_user(client) is None


def test_forms_without_the_csrf_token_are_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(reverse("account_signup"), SIGN_UP).status_code == 403
    assert not User.objects.exists()
