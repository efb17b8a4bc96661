"""Share links in the admin: to look at and to revoke."""

import pytest
from django.test import Client
from django.urls import reverse

from gallery.models import Photo, ShareLink
from tests.admins import create_staff, create_superuser
from tests.gallery.visits import statuses

pytestmark = pytest.mark.django_db


def page(verb: str, *keys: object) -> str:
    return reverse(f"admin:gallery_sharelink_{verb}", args=keys)


def revoke(client: Client, *links: ShareLink) -> int:
    form = {"action": "revoke", "_selected_action": [link.pk for link in links]}
    return client.post(page("changelist"), form).status_code


def test_chosen_links_are_revoked(link: ShareLink, photo_link: ShareLink, photo: Photo) -> None:
    assert revoke(create_superuser(), link) == 302
    assert statuses(link, photo) == {404}
    assert statuses(photo_link, photo) == {200}


def test_whoever_may_only_look_revokes_nothing(link: ShareLink, photo: Photo) -> None:
    client = create_staff("view_sharelink")
    assert client.get(page("changelist")).status_code == 200
    revoke(client, link)
    assert statuses(link, photo) == {200}


def test_nobody_makes_or_changes_one(link: ShareLink) -> None:
    boss = create_superuser()
    assert boss.get(page("add")).status_code == 403
    assert boss.post(page("change", link.pk), {"expires_at": ""}).status_code == 403


def test_addresses_are_not_shown(link: ShareLink) -> None:
    boss = create_superuser()
    for address in (page("changelist"), page("change", link.pk)):
        text = boss.get(address).content.decode()
        assert "Holiday" in text
        assert link.token not in text


def test_a_link_whose_photo_is_gone_is_listed(photo_link: ShareLink, photo: Photo) -> None:
    Photo.objects.filter(pk=photo.pk).delete()
    boss = create_superuser()
    for address in (page("changelist"), page("change", photo_link.pk)):
        assert boss.get(address).status_code == 200
