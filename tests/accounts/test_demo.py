"""The demo account: open on a laptop, closed in production even if its row exists."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from accounts.checks import BACKEND, check_demo_is_closed
from accounts.models import User
from accounts.services import demo_user_ensure
from tests.people import create_alice

pytestmark = pytest.mark.django_db


def ensure_demo_user(settings: Settings) -> User:
    return demo_user_ensure(email=settings.DEMO_EMAIL, password=settings.DEMO_PASSWORD)


def sign_in(settings: Settings) -> User | None:
    user = authenticate(None, email=settings.DEMO_EMAIL, password=settings.DEMO_PASSWORD)
    assert user is None or isinstance(user, User)
    return user


def test_the_demo_user_is_created_once_with_a_confirmed_address(settings: Settings) -> None:
    user = ensure_demo_user(settings)
    assert ensure_demo_user(settings) == user
    assert User.objects.count() == 1
    assert EmailAddress.objects.get(user=user, verified=True, primary=True).email == user.email
    assert sign_in(settings) == user
    assert (user.is_staff, user.is_superuser) == (False, False)


def test_the_demo_password_passes_the_validators(settings: Settings) -> None:
    validate_password(settings.DEMO_PASSWORD, User(email=settings.DEMO_EMAIL))


def test_a_changed_demo_password_is_reset(settings: Settings) -> None:
    user = ensure_demo_user(settings)
    user.set_password("something else entirely")
    user.save()
    assert sign_in(settings) is None
    ensure_demo_user(settings)
    assert sign_in(settings) == user


def test_production_creates_no_demo_user(settings: Settings) -> None:
    settings.ENVIRONMENT = "production"
    with pytest.raises(ImproperlyConfigured, match="laptops"):
        ensure_demo_user(settings)
    assert not User.objects.exists()


def test_production_refuses_the_demo_password_and_demo_sessions(settings: Settings) -> None:
    user = ensure_demo_user(settings)
    browser = Client()
    browser.force_login(user)
    settings.DEMO_ENABLED = False
    assert sign_in(settings) is None
    assert not browser.get("/accounts/email/").wsgi_request.user.is_authenticated
    response = browser.post(
        "/accounts/login/", {"login": settings.DEMO_EMAIL, "password": settings.DEMO_PASSWORD}
    )
    assert response.status_code == 200
    assert not response.wsgi_request.user.is_authenticated


def test_other_users_can_sign_in_where_the_demo_is_closed(settings: Settings) -> None:
    user = create_alice(password="a long enough phrase")
    settings.DEMO_ENABLED = False
    assert authenticate(None, email=user.email, password="a long enough phrase") == user


@pytest.mark.parametrize(
    ("environment", "enabled", "backends", "expected"),
    [
        ("laptop", True, [BACKEND], []),
        ("production", False, [BACKEND], []),
        ("production", True, [BACKEND], ["accounts.E001"]),
        (
            "production",
            False,
            [BACKEND, "django.contrib.auth.backends.ModelBackend"],
            ["accounts.E002"],
        ),
    ],
)
def test_the_checks_report_a_production_site_with_an_open_demo(
    settings: Settings,
    environment: str,
    enabled: bool,
    backends: list[str],
    expected: list[str],
) -> None:
    settings.ENVIRONMENT = environment
    settings.DEMO_ENABLED = enabled
    settings.AUTHENTICATION_BACKENDS = backends
    assert [error.id for error in check_demo_is_closed()] == expected
