"""What share links show, to whom and until when."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from gallery import selectors
from gallery.models import AlbumMember, Photo, Role, ShareLink
from gallery.services import (
    album_create,
    album_delete,
    photo_delete,
    photo_update,
    share_link_create,
    share_link_revoke,
)
from tests import rows
from tests.gallery.share_link_requests import FILES, build_path, collect_statuses, send_request
from web.errors import NotAllowed, NotThere, Problem

pytestmark = pytest.mark.django_db


def test_a_revoked_link_gets_404_from_the_next_request_on(
    link: ShareLink, photo: Photo, alice: User
) -> None:
    etags = {name: send_request(name, link, photo)["ETag"] for name in FILES}
    assert collect_statuses(link, photo) == {200}
    share_link_revoke(user=alice, link=link)
    assert collect_statuses(link, photo) == {404}
    for name, etag in etags.items():
        assert send_request(name, link, photo, If_None_Match=etag).status_code == 404
        assert send_request(name, link, photo, If_None_Match="*").status_code == 404


def test_revoking_twice_keeps_the_first_time(link: ShareLink, alice: User) -> None:
    share_link_revoke(user=alice, link=link)
    link.refresh_from_db()
    first = link.revoked_at
    share_link_revoke(user=alice, link=link)
    link.refresh_from_db()
    assert link.revoked_at == first


def test_an_expired_link_gets_404(photo: Photo, alice: User) -> None:
    link = share_link_create(user=alice, album=photo.album, expires_in_days=7)
    assert link.expires_at is not None
    assert collect_statuses(link, photo) == {200}
    ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert collect_statuses(link, photo) == {404}


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_an_impossible_expiry_is_refused(photo: Photo, alice: User, days: int) -> None:
    with pytest.raises(Problem) as refusal:
        share_link_create(user=alice, album=photo.album, expires_in_days=days)
    assert refusal.value.code == "unknown_life"
    assert not ShareLink.objects.exists()


@pytest.mark.parametrize(
    ("role", "refusal"), [(Role.EDITOR, NotAllowed), (Role.VIEWER, NotAllowed), (None, NotThere)]
)
def test_only_the_owner_creates_and_revokes_links(
    photo: Photo, link: ShareLink, bob: User, role: Role | None, refusal: type[Problem]
) -> None:
    if role:
        rows.share(photo.album, bob, role)
    with pytest.raises(refusal):
        share_link_create(user=bob, album=photo.album)
    with pytest.raises(refusal):
        share_link_revoke(user=bob, link=link)
    assert collect_statuses(link, photo) == {200}


def test_revoking_a_link_leaves_the_others(link: ShareLink, photo: Photo, alice: User) -> None:
    other = share_link_create(user=alice, album=photo.album)
    assert other.token != link.token
    share_link_revoke(user=alice, link=link)
    assert collect_statuses(link, photo) == {404}
    assert collect_statuses(other, photo) == {200}
    assert list(selectors.list_share_links(photo.album)) == [other]


def test_a_link_to_one_photo_shows_no_other(
    photo_link: ShareLink, photo: Photo, alice: User
) -> None:
    other = rows.upload(alice, album=photo.album)
    assert collect_statuses(photo_link, photo) == {200}
    for name in ("shared-photo", *FILES):
        assert send_request(name, photo_link, other).status_code == 404
    page = send_request("shared", photo_link, photo).content.decode()
    assert build_path("shared-preview", photo_link, photo) in page
    assert str(other.pk) not in page
    assert "Holiday" not in page


def test_a_photo_of_another_album_is_not_shown(link: ShareLink, alice: User, bob: User) -> None:
    for owner in (alice, bob):
        elsewhere = rows.upload(owner)
        assert {send_request(name, link, elsewhere).status_code for name in FILES} == {404}


def test_only_a_photo_in_the_album_can_be_shared(photo: Photo, alice: User) -> None:
    elsewhere = rows.upload(alice)
    with pytest.raises(NotThere):
        share_link_create(user=alice, album=photo.album, photo=elsewhere)


def test_a_photo_moved_out_of_the_album_gets_404(
    link: ShareLink, photo_link: ShareLink, photo: Photo, alice: User
) -> None:
    photo_update(user=alice, photo=photo, album=album_create(user=alice, name="Other"))
    assert collect_statuses(photo_link, photo) == {404}
    for name in ("shared-photo", *FILES):
        assert send_request(name, link, photo).status_code == 404
    assert send_request("shared", link, photo).status_code == 200


def test_a_deleted_photo_deletes_its_links(
    link: ShareLink, photo_link: ShareLink, photo: Photo, alice: User
) -> None:
    photo_delete(user=alice, photo=photo)
    assert collect_statuses(photo_link, photo) == {404}
    assert list(ShareLink.objects.all()) == [link]


def test_a_photo_deleted_around_the_service_gets_404(photo_link: ShareLink, photo: Photo) -> None:
    Photo.objects.filter(pk=photo.pk).delete()
    assert collect_statuses(photo_link, photo) == {404}
    assert not selectors.list_share_links(photo_link.album).exists()


def test_a_deleted_album_deletes_its_links(
    link: ShareLink, photo_link: ShareLink, photo: Photo, alice: User
) -> None:
    album_delete(user=alice, album=photo.album)
    assert collect_statuses(link, photo) == collect_statuses(photo_link, photo) == {404}
    assert not ShareLink.objects.exists()


def test_a_deleted_user_deletes_the_links(link: ShareLink, photo: Photo, alice: User) -> None:
    alice.delete()
    assert collect_statuses(link, photo) == {404}
    assert not ShareLink.objects.exists()


def test_a_link_works_only_while_its_album_has_an_active_owner(
    link: ShareLink, photo: Photo, alice: User
) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert collect_statuses(link, photo) == {404}
    User.objects.filter(pk=alice.pk).update(is_active=True)
    assert collect_statuses(link, photo) == {200}
    AlbumMember.objects.all().delete()
    assert collect_statuses(link, photo) == {404}


def test_tokens_are_signed(link: ShareLink, photo: Photo, settings: Settings) -> None:
    token = link.token
    short, _, signature = token.partition(".")
    other = ShareLink(album=photo.album).token
    wrong = [
        other,
        f"{other.partition('.')[0]}.{signature}",
        f"{short}.{other.partition('.')[2]}",
        token[:-1],
        token + "A",
        f"{short}.",
        short,
        str(link.pk),
        link.pk.hex,
        token.swapcase(),
        "\0",
        "ü.ü",
        "x" * 3000,
    ]
    for text in wrong:
        assert collect_statuses(text, photo) == {404}, text
    settings.SECRET_KEY = "another one"
    assert collect_statuses(token, photo) == {404}
