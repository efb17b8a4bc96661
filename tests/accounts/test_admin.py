"""Users and tokens in the admin."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Token, User
from accounts.services import token_create
from tests.people import PASSWORD, create_alice, create_bob

pytestmark = pytest.mark.django_db


@pytest.fixture
def superuser() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("boss@people.example"))
    return client


def list_rows(client: Client, page: str, **query: str) -> list[str]:
    response = client.get(reverse(f"admin:accounts_{page}_changelist"), query)
    assert response.status_code == 200
    return [str(row) for row in response.context["cl"].result_list]


def test_users_are_found_and_filtered(superuser: Client) -> None:
    user = create_alice()
    create_bob()
    assert list_rows(superuser, "user", q="alice") == ["alice@people.example"]
    assert list_rows(superuser, "user", q=str(user.pk)) == ["alice@people.example"]
    assert list_rows(superuser, "user", is_staff__exact="1") == ["boss@people.example"]


def test_a_user_is_created_with_a_hashed_password(superuser: Client) -> None:
    form = {
        "email": "New@People.example",
        "display_name": "New",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    response = superuser.post(reverse("admin:accounts_user_add"), form)
    assert response.status_code == 302
    assert User.objects.get(email="new@people.example").check_password(PASSWORD)


def test_an_address_that_differs_only_in_case_is_refused(superuser: Client) -> None:
    create_alice()
    form = {"email": "ALICE@people.example", "usable_password": "false"}
    response = superuser.post(reverse("admin:accounts_user_add"), form)
    assert response.status_code == 200
    assert "has an account with this e-mail address" in response.content.decode()


def test_the_quotas_of_a_user_are_shown_and_changed(superuser: Client, settings: Settings) -> None:
    settings.QUOTA_STORAGE_MB = 5000
    user = create_alice()
    page = reverse("admin:accounts_user_change", args=[user.pk])
    assert "0 of 5,000 MB kept; 0 of" in superuser.get(page).content.decode()

    superuser.post(page, {"email": user.email, "storage_quota": "7", "pixel_quota": ""})
    user.refresh_from_db()
    assert (user.storage_quota, user.pixel_quota, user.edit_quota) == (7, None, None)
    assert "0 of 7 MB kept; 0 of" in superuser.get(page).content.decode()


def test_a_user_is_changed_and_deactivated(superuser: Client) -> None:
    user = create_alice()
    page = reverse("admin:accounts_user_change", args=[user.pk])
    assert superuser.get(page).status_code == 200
    response = superuser.post(page, {"email": user.email, "display_name": "Alice B."})
    assert response.status_code == 302
    user.refresh_from_db()
    assert (user.display_name, user.is_active) == ("Alice B.", False)


def test_tokens_can_be_viewed_but_not_created_or_changed(superuser: Client) -> None:
    token, text = token_create(user=create_alice(), name="upload", scopes=["read"], expires_in=None)
    assert list_rows(superuser, "token", q="alice") == ["upload"]
    page = reverse("admin:accounts_token_change", args=[token.pk])
    response = superuser.get(page)
    assert "upload" in response.content.decode()
    assert text not in response.content.decode()
    assert superuser.post(page, {"name": "changed"}).status_code == 403
    assert superuser.get(reverse("admin:accounts_token_add")).status_code == 403
    assert Token.objects.get().name == "upload"


def test_tokens_are_revoked_by_an_action(superuser: Client) -> None:
    token, _ = token_create(user=create_alice(), name="stolen", scopes=["read"], expires_in=None)
    other_token, _ = token_create(user=create_bob(), name="kept", scopes=["read"], expires_in=None)
    form = {"action": "revoke", "_selected_action": [token.pk]}
    response = superuser.post(reverse("admin:accounts_token_changelist"), form, follow=True)
    assert "Revoked: 1." in response.content.decode()
    assert list(Token.objects.all()) == [other_token]


def test_the_admin_is_closed_to_ordinary_users() -> None:
    client = Client()
    client.force_login(create_alice())
    for page in ("user", "token"):
        response = client.get(reverse(f"admin:accounts_{page}_changelist"))
        assert response.status_code == 302
        assert "/admin/login/" in response["Location"]
