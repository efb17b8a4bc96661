"""The pages and pictures of share links: every byte comes from this server."""

import io
import uuid
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts.models import User
from config.request_paths import hide_secrets
from gallery.models import Photo, Rendition, Revision, ShareLink
from gallery.services import album_create, share_link_create, share_link_revoke
from gallery.shared_views import PHOTOS_A_PAGE
from tests import images, rows
from tests.gallery.visits import FILES, PAGES_AND_FILES, address, got, statuses

pytestmark = pytest.mark.django_db


def test_visitors_see_the_album_and_no_more_of_its_owner(
    link: ShareLink, photo: Photo, alice: User
) -> None:
    Photo.objects.filter(pk=photo.pk).update(title="A beach", credit="by Zoë")
    page = got("shared", link, photo).content.decode()
    for shown in ("Holiday", "A beach", "by Zoë", address("shared-thumbnail", link, photo)):
        assert shown in page
    for private in (alice.email, alice.display_name, photo.filename, str(photo.album_id)):
        assert private not in page


def test_files_are_handed_over_by_the_server(link: ShareLink, photo: Photo) -> None:
    for name in FILES:
        answer = got(name, link, photo)
        assert answer.status_code == 200
        assert Image.open(io.BytesIO(answer.body)).size == (rows.WIDTH, rows.HEIGHT)
        assert answer["Content-Length"] == str(len(answer.body))
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_nothing_is_kept_or_passed_on(link: ShareLink, photo: Photo) -> None:
    for name in PAGES_AND_FILES:
        answer = got(name, link, photo)
        assert answer["Cache-Control"] == "private, no-cache"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex"
        assert not answer.cookies
    assert b'<meta name="robots" content="noindex">' in got("shared", link, photo).body


def test_the_current_revision_is_shown(link: ShareLink, photo: Photo, alice: User) -> None:
    before = [got(name, link, photo) for name in FILES]
    rows.create_box_edit(photo, alice)
    rows.run_all_edits()
    for name, earlier in zip(FILES, before, strict=True):
        answer = got(name, link, photo, If_None_Match=earlier["ETag"])
        assert answer.status_code == 200
        assert answer.body != earlier.body
    filename = 'attachment; filename="beach-vanished.png"'
    assert got("shared-download", link, photo)["Content-Disposition"] == filename


@pytest.mark.parametrize(("format_", "extension"), [("JPEG", "jpg"), ("GIF", "png")])
def test_downloads_are_in_the_originals_format_or_png(
    alice: User, format_: str, extension: str
) -> None:
    photo = rows.upload(alice, data=images.encode_pixels(images.build_quarters(), format_))
    link = share_link_create(user=alice, album=photo.album)
    answer = got("shared-download", link, photo)
    assert answer["Content-Disposition"] == f'attachment; filename="beach.{extension}"'


@pytest.mark.parametrize("name", FILES)
def test_what_the_browser_has_is_not_sent_again(link: ShareLink, photo: Photo, name: str) -> None:
    etag = got(name, link, photo)["ETag"]
    again = got(name, link, photo, If_None_Match=etag)
    assert (again.status_code, again.body) == (304, b"")
    assert again["Cache-Control"] == "private, no-cache"


def test_all_that_opens_nothing_looks_the_same(link: ShareLink, photo: Photo, alice: User) -> None:
    share_link_revoke(user=alice, link=link)
    answers = [got("shared", link, photo), got("shared", "nonsense", photo)]
    answers.append(Client().get("/nowhere/"))
    seen = {answer.content.partition(b"<body")[2].partition(b"<script")[0] for answer in answers}
    assert len(seen) == 1


def test_the_token_is_short_safe_in_addresses_and_not_logged(link: ShareLink, photo: Photo) -> None:
    assert len(link.token) == 66
    assert address("shared", link, photo) == f"/shared/{link.token}/"
    for name in PAGES_AND_FILES:
        answer = got(name, link, photo)
        assert link.token not in hide_secrets(answer.wsgi_request)


def test_a_large_album_comes_in_pages_with_constant_queries(link: ShareLink, photo: Photo) -> None:
    few = queries(link, photo)
    for _ in range(PHOTOS_A_PAGE):
        photo.pk = uuid.uuid4()
        photo.save(force_insert=True)
    assert queries(link, photo) == few
    first = got("shared", link, photo).content.decode()
    assert first.count('class="card"') == PHOTOS_A_PAGE
    assert f"{PHOTOS_A_PAGE + 1} photos" in first
    last: Any = Client().get(f"/shared/{link.token}/?page=2")
    assert last.content.decode().count('class="card"') == 1


def queries(link: ShareLink, photo: Photo) -> int:
    with CaptureQueriesContext(connection) as asked:
        got("shared", link, photo)
    return len(asked)


def test_an_album_without_photos_says_so(alice: User) -> None:
    album = album_create(user=alice, name="Empty")
    link = share_link_create(user=alice, album=album)
    answer: Any = Client().get(f"/shared/{link.token}/")
    assert "No photos here yet" in answer.content.decode()


def test_a_lost_rendition_is_made_anew(link: ShareLink, photo: Photo) -> None:
    Revision.objects.get(photo=photo).renditions.all().delete()
    assert statuses(link, photo) == {200}


def test_a_download_says_nothing_of_camera_and_place(alice: User) -> None:
    data = images.build_jpeg(96, 64, exif=images.build_exif(1))
    photo = rows.upload(alice, data=data)
    link = share_link_create(user=alice, album=photo.album)
    assert b"Camera" in data

    body = got("shared-download", link, photo).body
    assert body.startswith(b"\xff\xd8")
    assert b"Camera" not in body


def test_a_storage_that_fails_is_told_as_that(photo: Photo, link: ShareLink) -> None:
    for rendition in Rendition.objects.all():
        default_storage.delete(str(rendition.file.name))
    default_storage.delete(str(photo.original.name))

    for name in ("shared-thumbnail", "shared-preview", "shared-download"):
        answer = got(name, link, photo)
        assert answer.status_code == 503
        assert answer["Referrer-Policy"] == "no-referrer"
