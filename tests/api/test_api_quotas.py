"""Quotas of users, over the API: refused beyond them, and shown."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import User
from accounts.quotas import MEGABYTE
from gallery.models import Patch, Photo, Role
from gallery.services import album_create
from inpainting.models import Edit, Mask
from jobs.models import State
from tests import images, rows
from tests.api.caller import Caller, problem, session
from vision.detectors.base import Box

pytestmark = pytest.mark.django_db
BOX = {"boxes": [{"x": 4, "y": 4, "width": 8, "height": 8}]}
# Between half a megabyte and a whole one.
LARGE = images.build_png(720, 480)


def usage(caller: Caller) -> dict[str, Any]:
    told: dict[str, Any] = caller.get("me/").json()["usage"]
    return told


def test_what_is_used_is_shown_with_the_quota(
    owner: Caller, photo: Photo, settings: Settings
) -> None:
    settings.QUOTA_STORAGE_MB, settings.QUOTA_MEGAPIXELS_A_DAY = 3, 5
    settings.QUOTA_EDITS_IN_FLIGHT = 7
    owner.post(f"photos/{photo.pk}/edits/", BOX)
    mask = Mask.objects.get()
    told = usage(owner)

    kept = photo.original_bytes + mask.file.size
    assert told["storage_bytes"] == {"used": kept, "quota": 3 * MEGABYTE}
    assert told["edits_in_flight"] == {"used": 1, "quota": 7}
    resets_at = datetime.fromisoformat(told["pixels_today"].pop("resets_at"))
    assert told["pixels_today"] == {"used": 96 * 64, "quota": 5_000_000}
    assert 0 < (resets_at - datetime.now(UTC)).total_seconds() <= 24 * 3600
    assert (resets_at.hour, resets_at.minute, resets_at.second) == (0, 0, 0)


def test_what_an_edit_added_counts_and_goes_with_its_photo(owner: Caller, edited: Photo) -> None:
    mask, patch = Mask.objects.get(), Patch.objects.get()

    kept = edited.original_bytes + mask.file.size + patch.file.size
    assert usage(owner)["storage_bytes"]["used"] == kept
    assert usage(owner)["edits_in_flight"]["used"] == 0
    owner.delete(f"photos/{edited.pk}/")
    assert usage(owner)["storage_bytes"]["used"] == 0


def test_a_mask_that_is_deleted_counts_no_more(owner: Caller, photo: Photo) -> None:
    before = usage(owner)["storage_bytes"]["used"]
    hole = rows.build_mask_png(hole=Box(x=4, y=4, width=8, height=8))
    mask = owner.form(f"photos/{photo.pk}/masks/", file=hole).json()
    assert usage(owner)["storage_bytes"]["used"] > before

    owner.delete(f"masks/{mask['id']}/")
    assert usage(owner)["storage_bytes"]["used"] == before


@pytest.fixture
def full(alice: User, photo: Photo) -> Photo:
    """Alice's photo, and no room beside it."""
    alice.storage_quota = 0
    alice.save()
    return photo


def test_beyond_the_storage_nothing_is_taken_in(owner: Caller, alice: User, photo: Photo) -> None:
    alice.storage_quota = 1
    alice.save()
    assert MEGABYTE / 2 < len(LARGE) < MEGABYTE - photo.original_bytes
    assert owner.form("photos/", file=LARGE).status_code == 201

    body = problem(owner.form("photos/", file=LARGE), 403, "quota_storage")
    (fault,) = body["errors"]
    left = MEGABYTE - photo.original_bytes - len(LARGE)
    assert fault["expected"] == {"maximum_bytes": left}
    assert fault["received"] == {"bytes": len(LARGE)}
    announced = owner.post("uploads/", {"filename": "a.png", "length": len(LARGE)})
    problem(announced, 403, "quota_storage")
    assert owner.post("uploads/", {"filename": "a.png", "length": left}).status_code == 201


def test_a_full_storage_takes_no_edit_and_no_import(owner: Caller, full: Photo) -> None:
    problem(owner.post(f"photos/{full.pk}/edits/", BOX), 403, "quota_storage")
    problem(owner.post("photos/", {"url": "https://pictures.example/a.png"}), 403, "quota_storage")
    hole = rows.build_mask_png(hole=Box(x=4, y=4, width=8, height=8))
    problem(owner.form(f"photos/{full.pk}/masks/", file=hole), 403, "quota_storage")
    assert not Mask.objects.exists()


def test_what_was_asked_for_before_is_done_though_the_storage_is_full(
    alice: User, photo: Photo
) -> None:
    edit = rows.create_box_edit(photo, alice)
    alice.storage_quota = 0
    alice.save()
    rows.run_all_edits()

    edit.refresh_from_db()
    assert edit.state == State.SUCCEEDED


def test_storage_counts_for_the_albums_owner_and_tells_others_no_numbers(
    bob: User, full: Photo
) -> None:
    rows.share(full.album, bob, Role.EDITOR)
    editor = session(bob)

    refused = editor.form("photos/", file=images.build_png(32, 24), album=str(full.album_id))
    assert "errors" not in problem(refused, 403, "quota_storage")
    assert editor.form("photos/", file=images.build_png(32, 24)).status_code == 201


def test_a_photo_is_not_moved_into_an_album_whose_owner_has_no_room(
    owner: Caller, alice: User, bob: User, photo: Photo
) -> None:
    bob.storage_quota = 0
    bob.save()
    his = album_create(user=bob, name="Sea")
    rows.share(his, alice, Role.EDITOR)
    hers = album_create(user=alice, name="Lake")
    alice.storage_quota = 0
    alice.save()

    problem(owner.patch(f"photos/{photo.pk}/", {"album": str(his.pk)}), 403, "quota_storage")
    assert owner.patch(f"photos/{photo.pk}/", {"album": str(hers.pk)}).status_code == 200


def test_beyond_the_edits_in_flight_one_waits(owner: Caller, alice: User, photo: Photo) -> None:
    alice.edit_quota = 2
    alice.save()
    path = f"photos/{photo.pk}/edits/"
    first = owner.post(path, BOX).json()
    owner.post(path, BOX)

    answer = owner.post(path, BOX)
    (fault,) = problem(answer, 429, "quota_edits_in_flight")["errors"]
    assert (fault["expected"], fault["received"]) == ({"maximum": 2}, {"in_flight": 2})
    assert int(answer["Retry-After"]) > 0
    owner.delete(f"edits/{first['id']}/")
    assert owner.post(path, BOX).status_code == 202
    assert Mask.objects.count() == Edit.objects.count() == 3


def test_beyond_the_pixels_of_a_day_one_waits_for_the_next(
    owner: Caller, alice: User, photo: Photo
) -> None:
    alice.pixel_quota = 1
    alice.save()
    large = rows.upload(alice, data=images.build_png(900, 700))
    path = f"photos/{large.pk}/edits/"
    first = owner.post(path, BOX).json()

    answer = owner.post(path, BOX)
    (fault,) = problem(answer, 429, "quota_pixels")["errors"]
    assert fault["expected"] == {"maximum_pixels": 1_000_000 - 630_000}
    assert fault["received"] == {"pixels": 630_000}
    assert 0 < int(answer["Retry-After"]) <= 24 * 3600
    assert owner.post(f"photos/{photo.pk}/edits/", BOX).status_code == 202

    # What never started is given back; a new day begins with nothing used.
    owner.delete(f"edits/{first['id']}/")
    assert usage(owner)["pixels_today"]["used"] == 96 * 64
    assert owner.post(path, BOX).status_code == 202
    alice.pixel_use.refresh_from_db()
    alice.pixel_use.day = datetime(2020, 1, 1, tzinfo=UTC).date()
    alice.pixel_use.save()
    assert usage(owner)["pixels_today"]["used"] == 0
    assert owner.post(path, BOX).status_code == 202


def test_an_edit_that_ran_gives_no_pixels_back(owner: Caller, edited: Photo, alice: User) -> None:
    edit = Edit.objects.get()
    problem(owner.delete(f"edits/{edit.pk}/"), 409, "edit_finished")

    assert usage(owner)["pixels_today"]["used"] == 96 * 64


def test_edits_count_for_who_asks(owner: Caller, bob: User, photo: Photo) -> None:
    rows.share(photo.album, bob, Role.EDITOR)
    rows.create_box_edit(photo, bob)

    assert usage(owner)["edits_in_flight"]["used"] == 0
    assert usage(owner)["pixels_today"]["used"] == 0
