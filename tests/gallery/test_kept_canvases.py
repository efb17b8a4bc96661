"""Decoded pictures that are kept from the upload to the answer of one call."""

import uuid
from collections.abc import Iterator

import numpy as np
import pytest

from accounts.models import User
from gallery import renditions
from gallery.kept_canvases import KeptCanvases, kept_canvases
from gallery.models import Photo, Rendition
from gallery.renditions import get_screen_rendition, render_canvas
from gallery.services import album_delete_unchecked, photo_upload, temporary_album_create
from tests import images, rows
from vision.images import Picture, decode

BYTES = 30 * 20 * 3


@pytest.fixture
def picture() -> Picture:
    return decode(images.build_png(30, 20))


@pytest.fixture
def temporary_photo(alice: User) -> Iterator[Photo]:
    album = temporary_album_create(user=alice)
    photo = photo_upload(user=alice, data=images.build_png(30, 20), filename="a.png", album=album)
    yield photo
    kept_canvases.take(photo.pk)


def test_a_picture_is_taken_once(picture: Picture) -> None:
    canvases, key = KeptCanvases(), uuid.uuid4()
    canvases.keep(key, picture)
    assert canvases.take(uuid.uuid4()) is None
    assert canvases.take(key) is picture
    assert canvases.take(key) is None


def test_the_oldest_pictures_go_first(picture: Picture) -> None:
    canvases, keys = KeptCanvases(max_bytes=2 * BYTES), [uuid.uuid4() for _ in range(3)]
    for key in keys:
        canvases.keep(key, picture)
    assert [canvases.take(key) is picture for key in keys] == [False, True, True]


def test_a_picture_that_is_too_large_is_not_kept(picture: Picture) -> None:
    canvases, small, large = KeptCanvases(max_bytes=BYTES), uuid.uuid4(), uuid.uuid4()
    canvases.keep(small, picture)
    canvases.keep(large, picture.with_pixels(np.repeat(picture.pixels, 2, axis=0)))
    assert canvases.take(large) is None
    assert canvases.take(small) is picture


@pytest.mark.django_db
def test_a_temporary_photo_is_decoded_once_for_upload_and_answer(
    temporary_photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    revision = temporary_photo.revisions.get()
    with monkeypatch.context() as patch:
        patch.setattr(renditions, "decode", None)  # another decoding would fail
        kept = render_canvas(revision)
    np.testing.assert_array_equal(render_canvas(revision).pixels, kept.pixels)


@pytest.mark.django_db
def test_the_renditions_of_a_temporary_photo_are_made_when_asked_for(
    temporary_photo: Photo,
) -> None:
    assert not Rendition.objects.filter(revision__photo=temporary_photo).exists()
    revision = temporary_photo.revisions.get()
    thumbnail = get_screen_rendition(revision, Rendition.Kind.THUMBNAIL).rendition
    assert (thumbnail.width, thumbnail.height) == (30, 20)


@pytest.mark.django_db
def test_other_photos_are_not_kept(alice: User) -> None:
    photo = rows.upload(alice)
    assert kept_canvases.take(photo.pk) is None
    assert Rendition.objects.filter(revision__photo=photo).count() == 2


@pytest.mark.django_db
def test_an_edit_of_a_temporary_photo_makes_no_renditions(temporary_photo: Photo) -> None:
    rows.create_box_edit(temporary_photo, temporary_photo.uploaded_by)  # type: ignore[arg-type]
    rows.run_all_edits()
    assert temporary_photo.revisions.count() == 2
    assert not Rendition.objects.exists()


@pytest.mark.django_db
def test_the_picture_of_a_deleted_photo_is_forgotten(alice: User) -> None:
    album = temporary_album_create(user=alice)
    photo = photo_upload(user=alice, data=images.build_png(30, 20), filename="a.png", album=album)
    photo_id = photo.pk
    album_delete_unchecked(album)
    assert kept_canvases.take(photo_id) is None
