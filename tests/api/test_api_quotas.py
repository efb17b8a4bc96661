"""Quotas of users over the API: enforced and reported."""

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
from tests.api.caller import Caller, check_problem, sign_in
from vision.detectors.base import Box

pytestmark = pytest.mark.django_db
BOX = {"boxes": [{"x": 4, "y": 4, "width": 8, "height": 8}]}
# Between half a megabyte and a whole one.
LARGE = images.build_png(720, 480)


def get_usage(caller: Caller) -> dict[str, Any]:
    usage: dict[str, Any] = caller.get("me/").json()["usage"]
    return usage


def test_usage_is_reported_with_the_quota(owner: Caller, photo: Photo, settings: Settings) -> None:
    settings.QUOTA_STORAGE_MB, settings.QUOTA_MEGAPIXELS_A_DAY = 3, 5
    settings.QUOTA_EDITS_IN_FLIGHT = 7
    owner.post(f"photos/{photo.pk}/edits/", BOX)
    mask = Mask.objects.get()
    usage = get_usage(owner)

    stored_bytes = photo.original_bytes + mask.file.size
    assert usage["storage_bytes"] == {"used": stored_bytes, "quota": 3 * MEGABYTE}
    assert usage["edits_in_flight"] == {"used": 1, "quota": 7}
    resets_at = datetime.fromisoformat(usage["pixels_today"].pop("resets_at"))
    assert usage["pixels_today"] == {"used": 96 * 64, "quota": 5_000_000}
    assert 0 < (resets_at - datetime.now(UTC)).total_seconds() <= 24 * 3600
    assert (resets_at.hour, resets_at.minute, resets_at.second) == (0, 0, 0)


def test_files_of_an_edit_count_until_the_photo_is_deleted(
    owner: Caller, edited_photo: Photo
) -> None:
    mask, patch = Mask.objects.get(), Patch.objects.get()

    stored_bytes = edited_photo.original_bytes + mask.file.size + patch.file.size
    assert get_usage(owner)["storage_bytes"]["used"] == stored_bytes
    assert get_usage(owner)["edits_in_flight"]["used"] == 0
    owner.delete(f"photos/{edited_photo.pk}/")
    assert get_usage(owner)["storage_bytes"]["used"] == 0


def test_a_deleted_mask_no_longer_counts(owner: Caller, photo: Photo) -> None:
    before = get_usage(owner)["storage_bytes"]["used"]
    hole = rows.build_mask_png(hole=Box(x=4, y=4, width=8, height=8))
    mask = owner.post_form(f"photos/{photo.pk}/masks/", file=hole).json()
    assert get_usage(owner)["storage_bytes"]["used"] > before

    owner.delete(f"masks/{mask['id']}/")
    assert get_usage(owner)["storage_bytes"]["used"] == before


@pytest.fixture
def full_storage_photo(alice: User, photo: Photo) -> Photo:
    """Alice's photo, after which her storage is full."""
    alice.storage_quota = 0
    alice.save()
    return photo


def test_uploads_over_the_storage_quota_are_refused(
    owner: Caller, alice: User, photo: Photo
) -> None:
    alice.storage_quota = 1
    alice.save()
    assert MEGABYTE / 2 < len(LARGE) < MEGABYTE - photo.original_bytes
    assert owner.post_form("photos/", file=LARGE).status_code == 201

    body = check_problem(owner.post_form("photos/", file=LARGE), 403, "quota_storage")
    (fault,) = body["errors"]
    left = MEGABYTE - photo.original_bytes - len(LARGE)
    assert fault["expected"] == {"maximum_bytes": left}
    assert fault["received"] == {"bytes": len(LARGE)}
    response = owner.post("uploads/", {"filename": "a.png", "length": len(LARGE)})
    check_problem(response, 403, "quota_storage")
    assert owner.post("uploads/", {"filename": "a.png", "length": left}).status_code == 201


def test_a_full_storage_refuses_edits_and_imports(owner: Caller, full_storage_photo: Photo) -> None:
    check_problem(owner.post(f"photos/{full_storage_photo.pk}/edits/", BOX), 403, "quota_storage")
    check_problem(
        owner.post("photos/", {"url": "https://pictures.example/a.png"}), 403, "quota_storage"
    )
    hole = rows.build_mask_png(hole=Box(x=4, y=4, width=8, height=8))
    check_problem(
        owner.post_form(f"photos/{full_storage_photo.pk}/masks/", file=hole), 403, "quota_storage"
    )
    assert not Mask.objects.exists()


def test_an_edit_queued_before_the_storage_was_full_still_runs(alice: User, photo: Photo) -> None:
    edit = rows.create_box_edit(photo, alice)
    alice.storage_quota = 0
    alice.save()
    rows.run_all_edits()

    edit.refresh_from_db()
    assert edit.state == State.SUCCEEDED


def test_storage_counts_for_the_owner_of_the_album_and_others_see_no_numbers(
    bob: User, full_storage_photo: Photo
) -> None:
    rows.share(full_storage_photo.album, bob, Role.EDITOR)
    editor = sign_in(bob)

    refusal = editor.post_form(
        "photos/", file=images.build_png(32, 24), album=str(full_storage_photo.album_id)
    )
    assert "errors" not in check_problem(refusal, 403, "quota_storage")
    assert editor.post_form("photos/", file=images.build_png(32, 24)).status_code == 201


def test_a_photo_is_not_moved_to_an_owner_with_a_full_storage(
    owner: Caller, alice: User, bob: User, photo: Photo
) -> None:
    bob.storage_quota = 0
    bob.save()
    bobs_album = album_create(user=bob, name="Sea")
    rows.share(bobs_album, alice, Role.EDITOR)
    alices_album = album_create(user=alice, name="Lake")
    alice.storage_quota = 0
    alice.save()

    check_problem(
        owner.patch(f"photos/{photo.pk}/", {"album": str(bobs_album.pk)}), 403, "quota_storage"
    )
    assert owner.patch(f"photos/{photo.pk}/", {"album": str(alices_album.pk)}).status_code == 200


def test_an_edit_over_the_in_flight_quota_gets_429(
    owner: Caller, alice: User, photo: Photo
) -> None:
    alice.edit_quota = 2
    alice.save()
    path = f"photos/{photo.pk}/edits/"
    first = owner.post(path, BOX).json()
    owner.post(path, BOX)

    response = owner.post(path, BOX)
    (fault,) = check_problem(response, 429, "quota_edits_in_flight")["errors"]
    assert (fault["expected"], fault["received"]) == ({"maximum": 2}, {"in_flight": 2})
    assert int(response["Retry-After"]) > 0
    owner.delete(f"edits/{first['id']}/")
    assert owner.post(path, BOX).status_code == 202
    assert Mask.objects.count() == Edit.objects.count() == 3


def test_an_edit_over_the_daily_pixel_quota_gets_429(
    owner: Caller, alice: User, photo: Photo
) -> None:
    alice.pixel_quota = 1
    alice.save()
    large = rows.upload(alice, data=images.build_png(900, 700))
    path = f"photos/{large.pk}/edits/"
    first = owner.post(path, BOX).json()

    response = owner.post(path, BOX)
    (fault,) = check_problem(response, 429, "quota_pixels")["errors"]
    assert fault["expected"] == {"maximum_pixels": 1_000_000 - 630_000}
    assert fault["received"] == {"pixels": 630_000}
    assert 0 < int(response["Retry-After"]) <= 24 * 3600
    assert owner.post(f"photos/{photo.pk}/edits/", BOX).status_code == 202

    # A cancelled queued edit returns its pixels; a new day starts at zero.
    owner.delete(f"edits/{first['id']}/")
    assert get_usage(owner)["pixels_today"]["used"] == 96 * 64
    assert owner.post(path, BOX).status_code == 202
    alice.pixel_use.refresh_from_db()
    alice.pixel_use.day = datetime(2020, 1, 1, tzinfo=UTC).date()
    alice.pixel_use.save()
    assert get_usage(owner)["pixels_today"]["used"] == 0
    assert owner.post(path, BOX).status_code == 202


def test_a_finished_edit_returns_no_pixels(owner: Caller, edited_photo: Photo, alice: User) -> None:
    edit = Edit.objects.get()
    check_problem(owner.delete(f"edits/{edit.pk}/"), 409, "edit_finished")

    assert get_usage(owner)["pixels_today"]["used"] == 96 * 64


def test_edits_count_for_the_user_who_requests_them(owner: Caller, bob: User, photo: Photo) -> None:
    rows.share(photo.album, bob, Role.EDITOR)
    rows.create_box_edit(photo, bob)

    assert get_usage(owner)["edits_in_flight"]["used"] == 0
    assert get_usage(owner)["pixels_today"]["used"] == 0
