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
def boss() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("boss@people.example"))
    return client


def shown(client: Client, page: str, **query: str) -> list[str]:
    answer = client.get(reverse(f"admin:accounts_{page}_changelist"), query)
    assert answer.status_code == 200
    return [str(row) for row in answer.context["cl"].result_list]


def test_users_are_found_and_filtered(boss: Client) -> None:
    user = create_alice()
    create_bob()
    assert shown(boss, "user", q="alice") == ["alice@people.example"]
    assert shown(boss, "user", q=str(user.pk)) == ["alice@people.example"]
    assert shown(boss, "user", is_staff__exact="1") == ["boss@people.example"]


def test_a_user_is_made_with_a_hashed_password(boss: Client) -> None:
    form = {
        "email": "New@People.example",
        "display_name": "New",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    answer = boss.post(reverse("admin:accounts_user_add"), form)
    assert answer.status_code == 302
    assert User.objects.get(email="new@people.example").check_password(PASSWORD)


def test_an_address_in_other_letters_is_refused_with_a_sentence(boss: Client) -> None:
    create_alice()
    form = {"email": "ALICE@people.example", "usable_password": "false"}
    answer = boss.post(reverse("admin:accounts_user_add"), form)
    assert answer.status_code == 200
    assert "has an account with this e-mail address" in answer.content.decode()


def test_a_users_quotas_are_seen_and_changed(boss: Client, settings: Settings) -> None:
    settings.QUOTA_STORAGE_MB = 5000
    user = create_alice()
    page = reverse("admin:accounts_user_change", args=[user.pk])
    assert "0 of 5,000 MB kept; 0 of" in boss.get(page).content.decode()

    boss.post(page, {"email": user.email, "storage_quota": "7", "pixel_quota": ""})
    user.refresh_from_db()
    assert (user.storage_quota, user.pixel_quota, user.edit_quota) == (7, None, None)
    assert "0 of 7 MB kept; 0 of" in boss.get(page).content.decode()


def test_a_user_is_changed_and_taken_out_of_service(boss: Client) -> None:
    user = create_alice()
    page = reverse("admin:accounts_user_change", args=[user.pk])
    assert boss.get(page).status_code == 200
    answer = boss.post(page, {"email": user.email, "display_name": "Alice B."})
    assert answer.status_code == 302
    user.refresh_from_db()
    assert (user.display_name, user.is_active) == ("Alice B.", False)


def test_tokens_can_be_looked_at_but_not_made_or_changed(boss: Client) -> None:
    token, text = token_create(user=create_alice(), name="upload", scopes=["read"], expires_in=None)
    assert shown(boss, "token", q="alice") == ["upload"]
    page = reverse("admin:accounts_token_change", args=[token.pk])
    answer = boss.get(page)
    assert "upload" in answer.content.decode()
    assert text not in answer.content.decode()
    assert boss.post(page, {"name": "changed"}).status_code == 403
    assert boss.get(reverse("admin:accounts_token_add")).status_code == 403
    assert Token.objects.get().name == "upload"


def test_tokens_are_revoked_by_an_action(boss: Client) -> None:
    token, _ = token_create(user=create_alice(), name="stolen", scopes=["read"], expires_in=None)
    kept, _ = token_create(user=create_bob(), name="kept", scopes=["read"], expires_in=None)
    form = {"action": "revoke", "_selected_action": [token.pk]}
    answer = boss.post(reverse("admin:accounts_token_changelist"), form, follow=True)
    assert "Revoked: 1." in answer.content.decode()
    assert list(Token.objects.all()) == [kept]


def test_the_admin_is_closed_to_ordinary_users() -> None:
    client = Client()
    client.force_login(create_alice())
    for page in ("user", "token"):
        answer = client.get(reverse(f"admin:accounts_{page}_changelist"))
        assert answer.status_code == 302
        assert "/admin/login/" in answer["Location"]
