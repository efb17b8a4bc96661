"""What nobody needs any more goes; what anybody needs stays."""

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
def nothing_is_young(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that is there counts as old enough to be looked at."""
    monkeypatch.setattr(cleanup, "MIN_ORPHAN_AGE", -DAY)


@pytest.fixture
def edited(alice: User) -> Photo:
    """A photo with one edit done: it has an original, a mask, a patch and renditions."""
    photo = rows.upload(alice)
    rows.create_box_edit(photo, alice)
    rows.run_all_edits()
    photo.refresh_from_db()
    return photo


def full_render(revision: Revision | None, age: timedelta) -> Rendition:
    """The revision at full size, made so long ago."""
    assert revision is not None
    rendition = get_full_rendition(revision, "PNG").rendition
    Rendition.objects.filter(pk=rendition.pk).update(created_at=timezone.now() - age)
    return rendition


def is_there(rendition: Rendition) -> bool:
    """Both as a row and as a file."""
    there = Rendition.objects.filter(pk=rendition.pk).exists()
    assert default_storage.exists(str(rendition.file.name)) is there
    return there


@pytest.mark.usefixtures("nothing_is_young")
@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_file_that_no_row_names_goes(key: str) -> None:
    default_storage.save(key, ContentFile(SMALL))

    assert cleanup.orphans_sweep() == 1
    assert list_stored_files() == []


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_young_file_may_still_get_its_row(key: str) -> None:
    default_storage.save(key, ContentFile(SMALL))

    assert cleanup.orphans_sweep() == 0
    assert list_stored_files() == [key]


@pytest.mark.usefixtures("nothing_is_young")
def test_every_file_that_a_row_names_stays(edited: Photo, alice: User) -> None:
    full_render(edited.current, timedelta())
    upload_file(SMALL, user=alice)
    before = list_stored_files()
    kinds = {name.partition("/")[0] for name in before}
    assert kinds == {"originals", "patches", "renditions", "masks", "uploads"}

    orphan = default_storage.save(original_key(None, "x.png"), ContentFile(SMALL))
    assert run_housekeeping()["orphans_sweep"] == 1
    assert orphan not in list_stored_files()
    assert list_stored_files() == before


@pytest.mark.usefixtures("nothing_is_young")
def test_more_files_than_are_looked_at_at_once(
    edited: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleanup, "BATCH", 2)
    before = list_stored_files()
    for _ in range(5):
        default_storage.save(original_key(None, "x.png"), ContentFile(SMALL))

    assert cleanup.orphans_sweep() == 5
    assert list_stored_files() == before


@pytest.mark.usefixtures("nothing_is_young")
def test_a_running_upload_can_be_finished_after_a_sweep(alice: User) -> None:
    data = images.encode_pixels(images.build_noise(1900, 2000), "PNG", compress_level=0)
    upload = upload_begin(user=alice, filename="a.png", length=len(data))
    first, *rest = part_requests_build(upload)
    send_part(first, data)

    run_housekeeping()
    assert [part.offset for part in part_requests_build(upload)] == [part.offset for part in rest]


def test_an_upload_that_is_over_goes_with_what_has_arrived(alice: User) -> None:
    over, running = upload_file(SMALL, user=alice), upload_file(SMALL, user=alice)
    Upload.objects.filter(pk=over.pk).update(expires_at=timezone.now() - DAY)

    assert cleanup.uploads_sweep() == 1
    assert list(Upload.objects.all()) == [running]
    assert {"/".join(name.split("/")[:2]) for name in list_stored_files()} == {running.key}


def test_a_full_render_of_a_state_that_is_not_shown_goes(edited: Photo, alice: User) -> None:
    rendition = full_render(edited.current, 2 * DAY)
    photo_undo(user=alice, photo=edited)

    assert cleanup.full_renders_sweep() == 1
    assert not is_there(rendition)
    revision = Revision.objects.get(pk=rendition.revision_id)
    assert read_file(get_full_rendition(revision, "PNG").rendition.file).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("age", "undone"), [(2 * DAY, False), (DAY / 2, True)], ids=["shown", "young"]
)
def test_a_full_render_that_may_be_asked_for_stays(
    edited: Photo, alice: User, age: timedelta, *, undone: bool
) -> None:
    rendition = full_render(edited.current, age)
    if undone:
        photo_undo(user=alice, photo=edited)

    assert cleanup.full_renders_sweep() == 0
    assert is_there(rendition)


def test_pictures_for_screens_stay_however_old(edited: Photo) -> None:
    Rendition.objects.update(created_at=timezone.now() - 999 * DAY)
    before = Rendition.objects.count()

    assert cleanup.full_renders_sweep() == 0
    assert Rendition.objects.count() == before == 4


def session_that_ends(after: timedelta) -> str:
    """The key of a session."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.set_expiry(timezone.now() + after)
    session.create()
    return str(session.session_key)


def test_sessions_that_are_over_go() -> None:
    from django.contrib.sessions.models import Session

    session_that_ends(-DAY)
    running = session_that_ends(DAY)

    assert cleanup.sessions_sweep() == 1
    assert [session.session_key for session in Session.objects.all()] == [running]


@pytest.fixture
def walk_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """The storage lists nothing; everything else works."""

    def walk(_storage: Any, _prefix: str) -> Iterator[Any]:
        raise OSError("out of reach")

    monkeypatch.setattr(type(storages["default"]), "walk", walk)


@pytest.mark.usefixtures("nothing_is_young", "walk_fails")
def test_a_fault_in_one_step_leaves_the_others(
    alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    upload = upload_file(SMALL, user=alice)
    Upload.objects.filter(pk=upload.pk).update(expires_at=timezone.now() - DAY)
    session_that_ends(-DAY)

    cleared = run_housekeeping()
    assert "orphans_sweep" not in cleared
    assert (cleared["uploads_sweep"], cleared["sessions_sweep"]) == (1, 1)
    assert "orphans_sweep" in caplog.text


def test_other_apps_take_part() -> None:
    assert {"kept_answers_sweep", "allowances_sweep"} <= run_housekeeping().keys()


def deletion_fails(_storage: Any, _name: str) -> None:
    raise OSError("out of reach")


@pytest.mark.usefixtures("nothing_is_young")
def test_what_could_not_be_deleted_with_its_photo_goes_later(
    edited: Photo,
    alice: User,
    django_capture_on_commit_callbacks: "DjangoCaptureOnCommitCallbacks",
) -> None:
    files = list_stored_files()
    with pytest.MonkeyPatch.context() as meanwhile:
        meanwhile.setattr(type(storages["default"]), "delete", deletion_fails)
        with django_capture_on_commit_callbacks(execute=True):
            photo_delete(user=alice, photo=edited)
    assert not Photo.objects.exists()
    assert list_stored_files() == files

    assert cleanup.orphans_sweep() == len(files)
    assert list_stored_files() == []


def test_files_go_when_the_deletion_is_certain(
    edited: Photo,
    alice: User,
    django_capture_on_commit_callbacks: "DjangoCaptureOnCommitCallbacks",
) -> None:
    files = list_stored_files()
    with django_capture_on_commit_callbacks(execute=True):
        photo_delete(user=alice, photo=edited)
        assert list_stored_files() == files
    assert list_stored_files() == []


def test_a_deletion_that_is_taken_back_keeps_the_files(
    edited: Photo,
    alice: User,
    django_capture_on_commit_callbacks: "DjangoCaptureOnCommitCallbacks",
) -> None:
    files = list_stored_files()

    def delete_and_fail() -> None:
        with transaction.atomic():
            photo_delete(user=alice, photo=edited)
            raise RuntimeError("taken back")

    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(RuntimeError, match="taken back"),
    ):
        delete_and_fail()
    assert Photo.objects.get() == edited
    assert list_stored_files() == files


@pytest.mark.usefixtures("nothing_is_young")
def test_nothing_goes_when_most_files_are_named_by_no_row(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Then it is the database that is another one, not the files that are nobody's."""
    monkeypatch.setattr(cleanup, "FEW_ORPHANS", 2)
    for _ in range(3):
        default_storage.save(original_key(None, "x.png"), ContentFile(b"somebody's"))

    assert cleanup.orphans_sweep() == 0
    assert len(list_stored_files()) == 3
    assert "is this the right database for these files" in caplog.text
