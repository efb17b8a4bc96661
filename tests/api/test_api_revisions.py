"""revisions/: the history of a photo and the restoration of a revision."""

import pytest

from gallery.models import Photo
from tests.api.caller import Caller, check_problem

pytestmark = pytest.mark.django_db


def test_the_history_is_newest_first(owner: Caller, edited_photo: Photo) -> None:
    page = owner.get(f"photos/{edited_photo.pk}/revisions/").json()
    newest, oldest = page["results"]
    assert len(page["results"]) == 2
    assert (newest["number"], newest["label"], newest["is_current"]) == (
        1, "Removed a marked area", True,
    )  # fmt: skip
    assert (newest["parent"], newest["edit"]) == (
        oldest["id"],
        str(edited_photo.edits.get().pk),
    )
    assert (oldest["number"], oldest["parent"], oldest["edit"], oldest["is_current"]) == (
        0, None, None, False,
    )  # fmt: skip
    assert (oldest["width"], oldest["height"]) == (96, 64)
    assert owner.get(f"revisions/{newest['id']}/").json() == newest


def test_any_revision_can_be_restored(owner: Caller, edited_photo: Photo) -> None:
    original = edited_photo.revisions.get(number=0)
    response = owner.post(f"revisions/{original.pk}/restore/")
    body = response.json()
    assert (response.status_code, body["current"]["number"], body["can_redo"]) == (200, 0, True)
    assert edited_photo.revisions.count() == 2


def test_a_viewer_may_not_restore_a_revision(viewer: Caller, photo: Photo) -> None:
    check_problem(viewer.post(f"revisions/{photo.current_id}/restore/"), 403, "not_allowed")


def test_a_stranger_gets_404_for_a_revision(stranger: Caller, photo: Photo) -> None:
    for path in ("", "thumbnail/", "preview/", "download/"):
        check_problem(stranger.get(f"revisions/{photo.current_id}/{path}"), 404, "not_found")
