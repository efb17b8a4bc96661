"""Share links in the admin: listed and revoked."""

import pytest
from django.test import Client
from django.urls import reverse

from gallery.models import Photo, ShareLink
from tests.admins import create_staff, create_superuser
from tests.gallery.share_link_requests import collect_statuses

pytestmark = pytest.mark.django_db


def build_url(verb: str, *keys: object) -> str:
    """Return the path of a page of the admin."""
    return reverse(f"admin:gallery_sharelink_{verb}", args=keys)


def revoke(client: Client, *links: ShareLink) -> int:
    """Run the admin action on the links; return the status."""
    form = {"action": "revoke", "_selected_action": [link.pk for link in links]}
    return client.post(build_url("changelist"), form).status_code


def test_selected_links_are_revoked(link: ShareLink, photo_link: ShareLink, photo: Photo) -> None:
    assert revoke(create_superuser(), link) == 302
    assert collect_statuses(link, photo) == {404}
    assert collect_statuses(photo_link, photo) == {200}


def test_staff_with_only_the_view_permission_cannot_revoke(link: ShareLink, photo: Photo) -> None:
    client = create_staff("view_sharelink")
    assert client.get(build_url("changelist")).status_code == 200
    revoke(client, link)
    assert collect_statuses(link, photo) == {200}


def test_nobody_adds_or_changes_a_link(link: ShareLink) -> None:
    client = create_superuser()
    assert client.get(build_url("add")).status_code == 403
    assert client.post(build_url("change", link.pk), {"expires_at": ""}).status_code == 403


def test_tokens_are_not_shown(link: ShareLink) -> None:
    client = create_superuser()
    for path in (build_url("changelist"), build_url("change", link.pk)):
        text = client.get(path).content.decode()
        assert "Holiday" in text
        assert link.token not in text


def test_a_link_whose_photo_was_deleted_is_listed(photo_link: ShareLink, photo: Photo) -> None:
    Photo.objects.filter(pk=photo.pk).delete()
    client = create_superuser()
    for path in (build_url("changelist"), build_url("change", photo_link.pk)):
        assert client.get(path).status_code == 200
