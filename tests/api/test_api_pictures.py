"""The files of a photo: original, thumbnail, preview and download."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from accounts.models import User
from gallery.models import Photo, Rendition
from gallery.renditions import read_file, render_canvas
from tests import images, rows
from tests.api.caller import Caller, check_problem

pytestmark = pytest.mark.django_db


def read_content(response: Any) -> bytes:
    assert response.status_code == 200
    body: bytes = response.body
    return body


def open_picture(response: Any) -> Image.Image:
    return Image.open(io.BytesIO(read_content(response)))


def is_hardened(response: Any) -> bool:
    return (response["Content-Security-Policy"], response["X-Content-Type-Options"]) == (
        "default-src 'none'; sandbox",
        "nosniff",
    )


@pytest.mark.usefixtures("files_in_folder")
@pytest.mark.parametrize("kind", ["thumbnail", "preview"])
def test_screen_renditions_are_cached_for_an_hour(owner: Caller, photo: Photo, kind: str) -> None:
    path = f"revisions/{photo.current_id}/{kind}/"
    response = owner.get(path)
    assert (response["Content-Type"], response["Cache-Control"]) == (
        "image/webp",
        "private, max-age=3600",
    )
    assert is_hardened(response)
    assert open_picture(response).size == (96, 64)
    second = owner.client.get(f"/api/v1/{path}", headers={"If-None-Match": response["ETag"]})
    assert (second.status_code, second.content) == (304, b"")
    assert second["Cache-Control"] == "private, max-age=3600"


@pytest.mark.usefixtures("files_in_folder")
def test_a_lost_thumbnail_is_rebuilt_with_another_entity_tag(owner: Caller, photo: Photo) -> None:
    path = f"revisions/{photo.current_id}/thumbnail/"
    before = owner.get(path)["ETag"]
    Rendition.objects.all().delete()
    after = owner.get(path)
    assert open_picture(after).size == (96, 64)
    assert after["ETag"] != before


@pytest.mark.usefixtures("files_in_folder")
def test_the_original_is_downloaded_byte_for_byte(owner: Caller, alice: User) -> None:
    data = images.build_jpeg(80, 60)
    photo = rows.upload(alice, data=data)
    for path in (f"photos/{photo.pk}/original/", f"revisions/{photo.current_id}/download/"):
        response = owner.get(path)
        assert read_content(response) == data
        assert response["Content-Type"] == "image/jpeg"
        assert response["Content-Length"] == str(len(data))
        assert response["Content-Disposition"] == 'attachment; filename="beach.png"'
        assert is_hardened(response)


@pytest.mark.parametrize(
    ("file_format", "name", "extension"),
    [
        ("jpeg", "JPEG", "jpg"),
        ("png", "PNG", "png"),
        ("webp", "WEBP", "webp"),
        ("tiff", "TIFF", "tif"),
        ("original", "PNG", "png"),
    ],
)
def test_downloads_in_every_format(
    owner: Caller, edited_photo: Photo, file_format: str, name: str, extension: str
) -> None:
    response = owner.get(f"revisions/{edited_photo.current_id}/download/", format=file_format)
    picture = open_picture(response)
    assert (picture.format, picture.size) == (name, (96, 64))
    filename = f'attachment; filename="beach-vanished.{extension}"'
    assert response["Content-Disposition"] == filename


def test_a_lossless_download_has_exactly_the_pixels(owner: Caller, edited_photo: Photo) -> None:
    assert edited_photo.current is not None
    picture = open_picture(
        owner.get(f"revisions/{edited_photo.current_id}/download/", format="png")
    )
    assert np.array_equal(np.asarray(picture), render_canvas(edited_photo.current).pixels)
    assert not np.array_equal(np.asarray(picture), read_original_pixels(edited_photo))


def read_original_pixels(photo: Photo) -> Any:
    return np.asarray(Image.open(io.BytesIO(read_file(photo.original))))


def test_a_format_that_cannot_be_written_becomes_png(owner: Caller, alice: User) -> None:
    photo = rows.upload(alice, data=images.encode_pixels(images.build_quarters(), "GIF"))
    rows.create_box_edit(photo, alice)
    rows.run_all_edits()
    photo.refresh_from_db()
    response = owner.get(f"revisions/{photo.current_id}/download/", format="original")
    assert open_picture(response).format == "PNG"


@pytest.mark.parametrize("file_format", ["gif", "JPEG", "", "exe", "../x", "\0", "json", "api"])
def test_a_refused_format_lists_the_known_ones(
    owner: Caller, photo: Photo, file_format: str
) -> None:
    response = owner.get(f"revisions/{photo.current_id}/download/", format=file_format)
    body = check_problem(response, 400, "unknown_format")
    assert "original, jpeg, png, webp, tiff" in body["detail"]
    (fault,) = body["errors"]
    assert (fault["parameter"], fault["received"]) == ("format", file_format)


@pytest.mark.parametrize(
    ("title", "filename"),
    [
        ("a/b\\c:d", 'filename="a b c d-vanished.png"'),
        ('x"; y=\r\nSet-Cookie: a=b', 'filename="x ; y=  Set-Cookie  a=b-vanished.png"'),
        ("Zoë am Meer", "filename*=utf-8''Zo%C3%AB%20am%20Meer-vanished.png"),
        ("..", 'filename="-vanished.png"'),
    ],
)
def test_file_names_are_safe_on_every_system(
    owner: Caller, edited_photo: Photo, title: str, filename: str
) -> None:
    Photo.objects.filter(pk=edited_photo.pk).update(title=title)
    response = owner.get(f"revisions/{edited_photo.current_id}/download/")
    assert response["Content-Disposition"] == f"attachment; {filename}"
