"""Photos are saved completely or not at all, and deleted with their files."""

import hashlib

import numpy as np
import pytest
from django.core.files.storage import default_storage
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from gallery.models import Album, Photo, Rendition, Revision, Role
from gallery.renditions import get_full_rendition, get_screen_rendition, read_file, render_canvas
from gallery.services import (
    album_create,
    photo_delete,
    photo_update,
    photo_upload,
)
from inpainting.models import DetectionRun, Edit, Mask
from tests import images, rows
from tests.storage import list_stored_files
from vision.errors import PictureRejected
from vision.images import decode
from web.errors import NotAllowed, NotThere, Problem

pytestmark = pytest.mark.django_db


def test_the_original_is_kept_byte_for_byte(alice: User) -> None:
    data = images.build_jpeg(120, 80)
    photo = photo_upload(user=alice, data=data, filename="C:\\pics\\my dog.JPG")
    assert read_file(photo.original) == data
    assert photo.original_sha256 == hashlib.sha256(data).hexdigest()
    assert (photo.title, photo.filename) == ("my dog", "my dog.JPG")
    assert (photo.format, photo.mode, photo.width, photo.height) == ("JPEG", "RGB;8", 120, 80)
    assert photo.canvas_sha256 == decode(data).compute_canvas_sha256()


def test_an_upload_has_its_first_revision_and_renditions(alice: User) -> None:
    photo = rows.upload(alice)
    assert photo.current is not None
    assert (photo.current.number, photo.current, photo.current.parent) == (0, photo.tip, None)
    kinds = {row.kind for row in Rendition.objects.filter(revision=photo.current)}
    assert kinds == {"thumbnail", "preview"}


def test_an_upload_queues_a_detection(alice: User) -> None:
    photo = photo_upload(user=alice, data=images.build_png(40, 30), filename="a.png")
    assert DetectionRun.objects.get(photo=photo).state == "queued"


def test_a_file_that_is_no_picture_leaves_nothing_behind(alice: User) -> None:
    with pytest.raises(PictureRejected):
        photo_upload(user=alice, data=b"%!PS-Adobe", filename="photo.jpg")
    assert not Photo.objects.exists()
    assert list_stored_files() == []


def test_when_a_row_cannot_be_saved_its_files_are_deleted(
    alice: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the database went away")

    monkeypatch.setattr(Revision.objects, "create", fail)
    with pytest.raises(RuntimeError):
        rows.upload(alice)
    assert not Photo.objects.exists()
    assert list_stored_files() == []


def test_too_many_bytes_are_refused(alice: User, settings: Settings) -> None:
    settings.UPLOAD_MAX_BYTES = 100
    with pytest.raises(PictureRejected) as refusal:
        rows.upload(alice)
    assert refusal.value.code == "too_large"


@pytest.mark.parametrize("name", ["PHOTO_MAX_MEGAPIXELS", "PHOTO_MAX_SIDE"])
def test_the_settings_limit_uploads_but_not_stored_photos(
    alice: User, settings: Settings, name: str
) -> None:
    data = images.encode_pixels(np.zeros((900, 1200), np.uint8), "PNG")
    photo = rows.upload(alice, data=data)
    setattr(settings, name, 1)
    with pytest.raises(PictureRejected) as refusal:
        rows.upload(alice, data=data)
    assert refusal.value.code == "too_many_pixels"
    assert photo.current is not None
    assert render_canvas(photo.current).width == 1200


@pytest.mark.decoder_child
def test_a_photo_that_needs_more_memory_than_the_setting_is_refused(
    alice: User, settings: Settings
) -> None:
    settings.PHOTO_MEMORY_MB = 100
    with pytest.raises(PictureRejected) as refusal:
        rows.upload(alice, data=images.encode_pixels(np.zeros((5000, 5000, 3), np.uint8), "PNG"))
    assert refusal.value.code == "decode_memory"


def test_deleting_a_photo_deletes_its_files_after_the_commit(
    alice: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    photo = rows.upload(alice)
    rows.create_box_edit(photo, alice)
    rows.create_box_edit(photo, alice, x=60)
    rows.run_all_edits()
    assert len(list_stored_files()) == 1 + 2 * 3 + 2 + 2
    with django_capture_on_commit_callbacks(execute=True):
        photo_delete(user=alice, photo=photo)
        assert list_stored_files()
    assert list_stored_files() == []
    assert not any(model.objects.exists() for model in (Photo, Revision, Edit, Mask))


def test_a_missing_rendition_is_rendered_again(alice: User) -> None:
    photo = rows.upload(alice)
    assert photo.current is not None
    first = get_screen_rendition(photo.current, Rendition.Kind.THUMBNAIL).rendition
    default_storage.delete(str(first.file.name))
    again = get_screen_rendition(photo.current, Rendition.Kind.THUMBNAIL).rendition
    assert again.file.name != first.file.name
    assert default_storage.exists(str(again.file.name))


def test_the_full_render_is_rendered_once(alice: User) -> None:
    photo = rows.upload(alice)
    assert photo.current is not None
    rendition = get_full_rendition(photo.current, "PNG").rendition
    assert get_full_rendition(photo.current, "PNG").rendition == rendition
    assert decode(read_file(rendition.file)).compute_canvas_sha256() == photo.canvas_sha256


def test_a_canvas_that_decodes_to_other_pixels_is_logged(
    alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    photo = rows.upload(alice)
    Photo.objects.filter(pk=photo.pk).update(canvas_sha256="0" * 64)
    render_canvas(Revision.objects.get(photo=photo))
    assert "decodes to other pixels" in caplog.text


def test_title_and_album_can_be_changed(alice: User) -> None:
    photo = rows.upload(alice)
    other = album_create(user=alice, name="Holiday")
    photo_update(user=alice, photo=photo, title=" Beach ", album=other)
    photo.refresh_from_db()
    assert (photo.title, photo.album) == ("Beach", other)
    with pytest.raises(Problem):
        photo_update(user=alice, photo=photo, title=" ")


def test_viewers_and_strangers_cannot_change_photos(alice: User, bob: User, charlie: User) -> None:
    photo = rows.upload(alice)
    rows.share(photo.album, bob, Role.VIEWER)
    for user, refusal in ((bob, NotAllowed), (charlie, NotThere)):
        with pytest.raises(refusal):
            photo_update(user=user, photo=photo, title="Mine")
        with pytest.raises(refusal):
            photo_delete(user=user, photo=photo)
        with pytest.raises(refusal):
            rows.upload(user, album=photo.album)


def test_an_editor_cannot_move_a_photo_to_another_album(alice: User, bob: User) -> None:
    photo = rows.upload(alice)
    rows.share(photo.album, bob, Role.EDITOR)
    mine: Album = album_create(user=bob, name="Mine")
    with pytest.raises(NotAllowed):
        photo_update(user=bob, photo=photo, album=mine)


def test_a_stored_file_can_be_read_again(alice: User) -> None:
    original = rows.upload(alice).original
    assert read_file(original) == read_file(original)
