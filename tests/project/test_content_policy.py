"""Every page has a content policy that trusts a nonce and nothing inline."""

from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery.services import share_link_create
from tests import people
from tests.rows import upload

OPEN_PAGES = (
    "home",
    "account_login",
    "account_signup",
    "account_reset_password",
    "admin:login",
    "docs",
    "api-reference",
    "problems",
)
OWN_PAGES = ("photos", "tokens", "account_email", "account_set_password", "account_logout")
STAFF_PAGES = (
    "admin:index",
    "queue",
    "admin:accounts_user_changelist",
    "admin:gallery_album_changelist",
    "admin:gallery_photo_changelist",
    "admin:gallery_revision_changelist",
    "admin:gallery_sharelink_changelist",
    "admin:inpainting_edit_changelist",
)


class InlineFinder(HTMLParser):
    """Collects what a policy without `unsafe-inline` would block."""

    def __init__(self, nonce: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags = 0
        self._nonce = nonce

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect what the policy would block in this tag."""
        self.tags += 1
        values = dict(attrs)
        is_data = values.get("type") in {"application/json", "text/plain"}
        if tag == "script" and not is_data and values.get("nonce") != self._nonce:
            self.found.append(f"script without the nonce: {values}")
        if tag == "style":
            self.found.append("style element")
        bad = [name for name in values if name == "style" or name.startswith("on")]
        self.found += [f"{name} on {tag}: {values[name]}" for name in bad]


def check_page(client: Client, address: str, *, status: int = 200) -> None:
    """Check that the page's policy is strict and that its HTML has nothing inline."""
    response = client.get(address)
    assert response.status_code == status, address
    policy = response.headers["Content-Security-Policy"]
    directives = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}
    assert "unsafe-" not in policy
    assert directives["default-src"] == ["'self'"]
    assert directives["object-src"] == ["'none'"]
    nonces = [word for word in directives["script-src"] if word.startswith("'nonce-")]
    assert len(nonces) <= 1
    finder = InlineFinder(nonces[0].removeprefix("'nonce-").removesuffix("'") if nonces else "")
    finder.feed(response.content.decode())
    assert finder.tags > 5
    assert finder.found == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", OPEN_PAGES)
def test_public_pages_have_a_strict_policy(client: Client, name: str) -> None:
    check_page(client, reverse(name))


@pytest.mark.parametrize("name", OWN_PAGES)
def test_pages_of_signed_in_users_have_a_strict_policy(
    client: Client, alice: User, name: str
) -> None:
    client.force_login(alice)
    check_page(client, reverse(name))


def test_album_and_editor_have_a_strict_policy(client: Client, alice: User) -> None:
    photo = upload(alice)
    client.force_login(alice)
    check_page(client, reverse("album", kwargs={"album_id": photo.album_id}))
    check_page(client, reverse("photo", kwargs={"photo_id": photo.pk}))


def test_pages_of_share_links_have_a_strict_policy(client: Client, alice: User) -> None:
    photo = upload(alice)
    link = share_link_create(user=alice, album=photo.album)
    check_page(client, reverse("shared", args=[link.token]))
    check_page(client, reverse("shared-photo", args=[link.token, photo.pk]))


@pytest.mark.django_db
@pytest.mark.parametrize("name", STAFF_PAGES)
def test_pages_of_the_admin_have_a_strict_policy(client: Client, name: str) -> None:
    admin = people.create_person("adam")
    User.objects.filter(pk=admin.pk).update(is_staff=True, is_superuser=True)
    client.force_login(User.objects.get(pk=admin.pk))
    check_page(client, reverse(name))


@pytest.mark.django_db
def test_the_404_page_has_a_strict_policy(client: Client) -> None:
    check_page(client, "/nothing-here/", status=404)
