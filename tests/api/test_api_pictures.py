"""The files of photos: originals, thumbnails, previews, downloads."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from accounts.models import User
from gallery.models import Photo, Rendition
from gallery.renditions import read_file, render_canvas
from tests import images, rows
from tests.api.caller import Caller, problem

pytestmark = pytest.mark.django_db


def content(answer: Any) -> bytes:
    assert answer.status_code == 200
    body: bytes = answer.body
    return body


def opened(answer: Any) -> Image.Image:
    return Image.open(io.BytesIO(content(answer)))


def is_hardened(answer: Any) -> bool:
    return (answer["Content-Security-Policy"], answer["X-Content-Type-Options"]) == (
        "default-src 'none'; sandbox",
        "nosniff",
    )


@pytest.mark.usefixtures("kept_in_a_folder")
@pytest.mark.parametrize("kind", ["thumbnail", "preview"])
def test_screen_pictures_are_kept_for_an_hour(owner: Caller, photo: Photo, kind: str) -> None:
    path = f"revisions/{photo.current_id}/{kind}/"
    answer = owner.get(path)
    assert (answer["Content-Type"], answer["Cache-Control"]) == (
        "image/webp",
        "private, max-age=3600",
    )
    assert is_hardened(answer)
    assert opened(answer).size == (96, 64)
    again = owner.client.get(f"/api/v1/{path}", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "private, max-age=3600"


@pytest.mark.usefixtures("kept_in_a_folder")
def test_a_lost_thumbnail_is_made_anew_under_another_etag(owner: Caller, photo: Photo) -> None:
    path = f"revisions/{photo.current_id}/thumbnail/"
    before = owner.get(path)["ETag"]
    Rendition.objects.all().delete()
    after = owner.get(path)
    assert opened(after).size == (96, 64)
    assert after["ETag"] != before


@pytest.mark.usefixtures("kept_in_a_folder")
def test_the_original_comes_back_byte_for_byte(owner: Caller, alice: User) -> None:
    data = images.build_jpeg(80, 60)
    photo = rows.upload(alice, data=data)
    for path in (f"photos/{photo.pk}/original/", f"revisions/{photo.current_id}/download/"):
        answer = owner.get(path)
        assert content(answer) == data
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Content-Length"] == str(len(data))
        assert answer["Content-Disposition"] == 'attachment; filename="beach.png"'
        assert is_hardened(answer)


@pytest.mark.parametrize(
    ("wanted", "name", "extension"),
    [
        ("jpeg", "JPEG", "jpg"),
        ("png", "PNG", "png"),
        ("webp", "WEBP", "webp"),
        ("tiff", "TIFF", "tif"),
        ("original", "PNG", "png"),
    ],
)
def test_downloads_in_every_format(
    owner: Caller, edited: Photo, wanted: str, name: str, extension: str
) -> None:
    answer = owner.get(f"revisions/{edited.current_id}/download/", format=wanted)
    picture = opened(answer)
    assert (picture.format, picture.size) == (name, (96, 64))
    filename = f'attachment; filename="beach-vanished.{extension}"'
    assert answer["Content-Disposition"] == filename


def test_a_lossless_download_has_exactly_the_pixels(owner: Caller, edited: Photo) -> None:
    assert edited.current is not None
    picture = opened(owner.get(f"revisions/{edited.current_id}/download/", format="png"))
    assert np.array_equal(np.asarray(picture), render_canvas(edited.current).pixels)
    assert not np.array_equal(np.asarray(picture), original_pixels(edited))


def original_pixels(photo: Photo) -> Any:
    return np.asarray(Image.open(io.BytesIO(read_file(photo.original))))


def test_what_cannot_be_written_comes_as_png(owner: Caller, alice: User) -> None:
    photo = rows.upload(alice, data=images.encode_pixels(images.build_quarters(), "GIF"))
    rows.create_box_edit(photo, alice)
    rows.run_all_edits()
    photo.refresh_from_db()
    answer = owner.get(f"revisions/{photo.current_id}/download/", format="original")
    assert opened(answer).format == "PNG"


@pytest.mark.parametrize("wanted", ["gif", "JPEG", "", "exe", "../x", "\0", "json", "api"])
def test_unknown_formats_are_told_the_known_ones(owner: Caller, photo: Photo, wanted: str) -> None:
    answer = owner.get(f"revisions/{photo.current_id}/download/", format=wanted)
    body = problem(answer, 400, "unknown_format")
    assert "original, jpeg, png, webp, tiff" in body["detail"]
    (fault,) = body["errors"]
    assert (fault["parameter"], fault["received"]) == ("format", wanted)


@pytest.mark.parametrize(
    ("title", "filename"),
    [
        ("a/b\\c:d", 'filename="a b c d-vanished.png"'),
        ('x"; y=\r\nSet-Cookie: a=b', 'filename="x ; y=  Set-Cookie  a=b-vanished.png"'),
        ("Zoë am Meer", "filename*=utf-8''Zo%C3%AB%20am%20Meer-vanished.png"),
        ("..", 'filename="-vanished.png"'),
    ],
)
def test_filenames_that_every_system_takes(
    owner: Caller, edited: Photo, title: str, filename: str
) -> None:
    Photo.objects.filter(pk=edited.pk).update(title=title)
    answer = owner.get(f"revisions/{edited.current_id}/download/")
    assert answer["Content-Disposition"] == f"attachment; {filename}"
