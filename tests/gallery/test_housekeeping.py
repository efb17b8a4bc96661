"""Housekeeping deletes files and rows that nothing needs, and no others."""

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from gallery.files import mask_key, original_key, patch_key, rendition_key, upload_key
from gallery.models import Photo, Rendition, Revision, Upload
from gallery.renditions import get_full_rendition, read_file
from gallery.services import cleanup, part_requests_build, photo_delete, photo_undo, upload_begin
from jobs.housekeeping import run_housekeeping
from tests import images, rows
from tests.storage import list_stored_files
from tests.uploads import send_part, upload_file

if TYPE_CHECKING:
    from pytest_django import DjangoCaptureOnCommitCallbacks

pytestmark = pytest.mark.django_db

SMALL = images.build_png(96, 64)
DAY = timedelta(days=1)
KEYS = {
    "original": original_key(None, "x.png"),
    "patch": patch_key(None, ""),
    "rendition": rendition_key(None, "x.webp"),
    "mask": mask_key(None, ""),
    "upload": upload_key(),
}


@pytest.fixture
def no_min_age(monkeypatch: pytest.MonkeyPatch) -> None:
    """Orphans of any age may be deleted."""
    monkeypatch.setattr(cleanup, "MIN_ORPHAN_AGE", -DAY)


@pytest.fixture
def edited_photo(alice: User) -> Photo:
    """A photo with one finished edit: it has an original, a mask, a patch and renditions."""
    photo = rows.upload(alice)
    rows.create_box_edit(photo, alice)
    rows.run_all_edits()
    photo.refresh_from_db()
    return photo


def create_full_render(revision: Revision | None, age: timedelta) -> Rendition:
    """Render the revision at full size, as if `age` ago."""
    assert revision is not None
    rendition = get_full_rendition(revision, "PNG").rendition
    Rendition.objects.filter(pk=rendition.pk).update(created_at=timezone.now() - age)
    return rendition


def has_row_and_file(rendition: Rendition) -> bool:
    """Return whether the rendition exists, and check that row and file agree."""
    row_exists = Rendition.objects.filter(pk=rendition.pk).exists()
    assert default_storage.exists(str(rendition.file.name)) is row_exists
    return row_exists


@pytest.mark.usefixtures("no_min_age")
@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_file_that_no_row_names_is_deleted(key: str) -> None:
    default_storage.save(key, ContentFile(SMALL))

    assert cleanup.orphans_sweep() == 1
    assert list_stored_files() == []


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_young_file_is_kept_because_its_row_may_follow(key: str) -> None:
    default_storage.save(key, ContentFile(SMALL))

    assert cleanup.orphans_sweep() == 0
    assert list_stored_files() == [key]


@pytest.mark.usefixtures("no_min_age")
def test_every_file_that_a_row_names_is_kept(edited_photo: Photo, alice: User) -> None:
    create_full_render(edited_photo.current, timedelta())
    upload_file(SMALL, user=alice)
    before = list_stored_files()
    kinds = {name.partition("/")[0] for name in before}
    assert kinds == {"originals", "patches", "renditions", "masks", "uploads"}

    orphan = default_storage.save(original_key(None, "x.png"), ContentFile(SMALL))
    assert run_housekeeping()["orphans_sweep"] == 1
    assert orphan not in list_stored_files()
    assert list_stored_files() == before


@pytest.mark.usefixtures("no_min_age")
def test_more_files_than_one_batch_are_swept(
    edited_photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleanup, "BATCH", 2)
    before = list_stored_files()
    for _ in range(5):
        default_storage.save(original_key(None, "x.png"), ContentFile(SMALL))

    assert cleanup.orphans_sweep() == 5
    assert list_stored_files() == before


@pytest.mark.usefixtures("no_min_age")
def test_a_running_upload_can_be_finished_after_a_sweep(alice: User) -> None:
    data = images.encode_pixels(images.build_noise(1900, 2000), "PNG", compress_level=0)
    upload = upload_begin(user=alice, filename="a.png", length=len(data))
    first, *rest = part_requests_build(upload)
    send_part(first, data)

    run_housekeeping()
    assert [part.offset for part in part_requests_build(upload)] == [part.offset for part in rest]


def test_an_expired_upload_is_deleted_with_its_parts(alice: User) -> None:
    expired, running = upload_file(SMALL, user=alice), upload_file(SMALL, user=alice)
    Upload.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - DAY)

    assert cleanup.uploads_sweep() == 1
    assert list(Upload.objects.all()) == [running]
    assert {"/".join(name.split("/")[:2]) for name in list_stored_files()} == {running.key}


def test_an_old_full_render_of_a_revision_that_is_not_current_is_deleted(
    edited_photo: Photo, alice: User
) -> None:
    rendition = create_full_render(edited_photo.current, 2 * DAY)
    photo_undo(user=alice, photo=edited_photo)

    assert cleanup.full_renders_sweep() == 1
    assert not has_row_and_file(rendition)
    revision = Revision.objects.get(pk=rendition.revision_id)
    assert read_file(get_full_rendition(revision, "PNG").rendition.file).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("age", "undone"), [(2 * DAY, False), (DAY / 2, True)], ids=["shown", "young"]
)
def test_a_current_or_young_full_render_is_kept(
    edited_photo: Photo, alice: User, age: timedelta, *, undone: bool
) -> None:
    rendition = create_full_render(edited_photo.current, age)
    if undone:
        photo_undo(user=alice, photo=edited_photo)

    assert cleanup.full_renders_sweep() == 0
    assert has_row_and_file(rendition)


def test_screen_renditions_are_kept_at_any_age(edited_photo: Photo) -> None:
    Rendition.objects.update(created_at=timezone.now() - 999 * DAY)
    before = Rendition.objects.count()

    assert cleanup.full_renders_sweep() == 0
    assert Rendition.objects.count() == before == 4


def create_session(after: timedelta) -> str:
    """Create a session that expires after this time; return its key."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.set_expiry(timezone.now() + after)
    session.create()
    return str(session.session_key)


def test_expired_sessions_are_deleted() -> None:
    from django.contrib.sessions.models import Session

    create_session(-DAY)
    running = create_session(DAY)

    assert cleanup.sessions_sweep() == 1
    assert [session.session_key for session in Session.objects.all()] == [running]


@pytest.fixture
def failing_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A storage that cannot list its files."""

    def walk(_storage: Any, _prefix: str) -> Iterator[Any]:
        raise OSError("out of reach")

    monkeypatch.setattr(type(storages["default"]), "walk", walk)


@pytest.mark.usefixtures("no_min_age", "failing_walk")
def test_an_error_in_one_step_does_not_stop_the_others(
    alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    upload = upload_file(SMALL, user=alice)
    Upload.objects.filter(pk=upload.pk).update(expires_at=timezone.now() - DAY)
    create_session(-DAY)

    counts = run_housekeeping()
    assert "orphans_sweep" not in counts
    assert (counts["uploads_sweep"], counts["sessions_sweep"]) == (1, 1)
    assert "orphans_sweep" in caplog.text


def test_housekeeping_runs_the_steps_of_other_apps() -> None:
    assert {"kept_answers_sweep", "allowances_sweep"} <= run_housekeeping().keys()


def fail_deletion(_storage: Any, _name: str) -> None:
    raise OSError("out of reach")


@pytest.mark.usefixtures("no_min_age")
def test_files_that_could_not_be_deleted_with_their_photo_are_swept_later(
    edited_photo: Photo,
    alice: User,
    django_capture_on_commit_callbacks: "DjangoCaptureOnCommitCallbacks",
) -> None:
    files = list_stored_files()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(storages["default"]), "delete", fail_deletion)
        with django_capture_on_commit_callbacks(execute=True):
            photo_delete(user=alice, photo=edited_photo)
    assert not Photo.objects.exists()
    assert list_stored_files() == files

    assert cleanup.orphans_sweep() == len(files)
    assert list_stored_files() == []


def test_files_are_deleted_after_the_commit_of_the_deletion(
    edited_photo: Photo,
    alice: User,
    django_capture_on_commit_callbacks: "DjangoCaptureOnCommitCallbacks",
) -> None:
    files = list_stored_files()
    with django_capture_on_commit_callbacks(execute=True):
        photo_delete(user=alice, photo=edited_photo)
        assert list_stored_files() == files
    assert list_stored_files() == []


def test_a_deletion_that_is_rolled_back_keeps_the_files(
    edited_photo: Photo,
    alice: User,
    django_capture_on_commit_callbacks: "DjangoCaptureOnCommitCallbacks",
) -> None:
    files = list_stored_files()

    def delete_and_fail() -> None:
        with transaction.atomic():
            photo_delete(user=alice, photo=edited_photo)
            raise RuntimeError("rolled back")

    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(RuntimeError, match="rolled back"),
    ):
        delete_and_fail()
    assert Photo.objects.get() == edited_photo
    assert list_stored_files() == files


@pytest.mark.usefixtures("no_min_age")
def test_nothing_is_deleted_when_most_files_have_no_row(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Most likely the settings name the wrong database then."""
    monkeypatch.setattr(cleanup, "FEW_ORPHANS", 2)
    for _ in range(3):
        default_storage.save(original_key(None, "x.png"), ContentFile(b"somebody's"))

    assert cleanup.orphans_sweep() == 0
    assert len(list_stored_files()) == 3
    assert "is this the right database for these files" in caplog.text
