"""The pages and pictures of share links, all sent by this server."""

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
from gallery.shared_selectors import PHOTOS_A_PAGE
from tests import images, rows
from tests.gallery.share_link_requests import (
    FILES,
    PAGES_AND_FILES,
    build_path,
    collect_statuses,
    send_request,
)

pytestmark = pytest.mark.django_db


def test_visitors_see_the_album_and_nothing_about_its_owner(
    link: ShareLink, photo: Photo, alice: User
) -> None:
    Photo.objects.filter(pk=photo.pk).update(title="A beach", credit="by Zoë")
    page = send_request("shared", link, photo).content.decode()
    for shown in ("Holiday", "A beach", "by Zoë", build_path("shared-thumbnail", link, photo)):
        assert shown in page
    for private in (alice.email, alice.display_name, photo.filename, str(photo.album_id)):
        assert private not in page


def test_files_are_sent_by_this_server(link: ShareLink, photo: Photo) -> None:
    for name in FILES:
        response = send_request(name, link, photo)
        assert response.status_code == 200
        assert Image.open(io.BytesIO(response.body)).size == (rows.WIDTH, rows.HEIGHT)
        assert response["Content-Length"] == str(len(response.body))
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response["X-Content-Type-Options"] == "nosniff"


def test_responses_are_not_cached_indexed_or_passed_on(link: ShareLink, photo: Photo) -> None:
    for name in PAGES_AND_FILES:
        response = send_request(name, link, photo)
        assert response["Cache-Control"] == "private, no-cache"
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex"
        assert not response.cookies
    assert b'<meta name="robots" content="noindex">' in send_request("shared", link, photo).body


@pytest.mark.parametrize(("format_", "extension"), [("JPEG", "jpg"), ("GIF", "png")])
def test_downloads_are_in_the_originals_format_or_png(
    alice: User, format_: str, extension: str
) -> None:
    photo = rows.upload(alice, data=images.encode_pixels(images.build_quarters(), format_))
    link = share_link_create(user=alice, album=photo.album)
    response = send_request("shared-download", link, photo)
    assert response["Content-Disposition"] == f'attachment; filename="photo-1.{extension}"'


@pytest.mark.parametrize("name", FILES)
def test_a_matching_entity_tag_gets_304(link: ShareLink, photo: Photo, name: str) -> None:
    etag = send_request(name, link, photo)["ETag"]
    again = send_request(name, link, photo, If_None_Match=etag)
    assert (again.status_code, again.body) == (304, b"")
    assert again["Cache-Control"] == "private, no-cache"


def test_all_links_that_show_nothing_get_the_same_page(
    link: ShareLink, photo: Photo, alice: User
) -> None:
    share_link_revoke(user=alice, link=link)
    responses = [send_request("shared", link, photo), send_request("shared", "nonsense", photo)]
    responses.append(Client().get("/nowhere/"))
    bodies = {
        response.content.partition(b"<body")[2].partition(b"<script")[0] for response in responses
    }
    assert len(bodies) == 1


def test_the_token_is_short_safe_in_urls_and_not_logged(link: ShareLink, photo: Photo) -> None:
    assert len(link.token) == 66
    assert build_path("shared", link, photo) == f"/shared/{link.token}/"
    for name in PAGES_AND_FILES:
        response = send_request(name, link, photo)
        assert link.token not in hide_secrets(response.wsgi_request)


def test_a_large_album_is_paginated_with_constant_queries(link: ShareLink, photo: Photo) -> None:
    few = count_queries(link, photo)
    for _ in range(PHOTOS_A_PAGE):
        photo.pk = uuid.uuid4()
        photo.save(force_insert=True)
    assert count_queries(link, photo) == few
    first = send_request("shared", link, photo).content.decode()
    assert first.count('class="card"') == PHOTOS_A_PAGE
    assert f"{PHOTOS_A_PAGE + 1} photos" in first
    last: Any = Client().get(f"/shared/{link.token}/?page=2")
    assert last.content.decode().count('class="card"') == 1


def count_queries(link: ShareLink, photo: Photo) -> int:
    """Return how many queries the page of the link takes."""
    with CaptureQueriesContext(connection) as queries:
        send_request("shared", link, photo)
    return len(queries)


def test_an_album_without_photos_says_so(alice: User) -> None:
    album = album_create(user=alice, name="Empty")
    link = share_link_create(user=alice, album=album)
    response: Any = Client().get(f"/shared/{link.token}/")
    assert "No photos here yet" in response.content.decode()


def test_a_missing_rendition_is_rendered_again(link: ShareLink, photo: Photo) -> None:
    Revision.objects.get(photo=photo).renditions.all().delete()
    assert collect_statuses(link, photo) == {200}


def test_a_download_has_no_exif_data(alice: User) -> None:
    data = images.build_jpeg(96, 64, exif=images.build_exif(1))
    photo = rows.upload(alice, data=data)
    link = share_link_create(user=alice, album=photo.album)
    assert b"Camera" in data

    body = send_request("shared-download", link, photo).body
    assert body.startswith(b"\xff\xd8")
    assert b"Camera" not in body


def test_a_failing_storage_gets_503(photo: Photo, link: ShareLink) -> None:
    for rendition in Rendition.objects.all():
        default_storage.delete(str(rendition.file.name))
    default_storage.delete(str(photo.original.name))

    for name in ("shared-thumbnail", "shared-preview", "shared-download"):
        response = send_request(name, link, photo)
        assert response.status_code == 503
        assert response["Referrer-Policy"] == "no-referrer"
