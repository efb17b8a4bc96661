"""revisions/: the history, and any state of it again."""

import pytest

from gallery.models import Photo
from tests.api.caller import Caller, problem

pytestmark = pytest.mark.django_db


def test_the_history_is_newest_first(owner: Caller, edited: Photo) -> None:
    listed = owner.get(f"photos/{edited.pk}/revisions/").json()
    newest, oldest = listed["results"]
    assert len(listed["results"]) == 2
    assert (newest["number"], newest["label"], newest["is_current"]) == (
        1, "Removed a marked area", True,
    )  # fmt: skip
    assert (newest["parent"], newest["edit"]) == (
        oldest["id"],
        str(edited.edits.get().pk),
    )
    assert (oldest["number"], oldest["parent"], oldest["edit"], oldest["is_current"]) == (
        0, None, None, False,
    )  # fmt: skip
    assert (oldest["width"], oldest["height"]) == (96, 64)
    assert owner.get(f"revisions/{newest['id']}/").json() == newest


def test_any_state_can_be_restored(owner: Caller, edited: Photo) -> None:
    original = edited.revisions.get(number=0)
    answer = owner.post(f"revisions/{original.pk}/restore/")
    told = answer.json()
    assert (answer.status_code, told["current"]["number"], told["can_redo"]) == (200, 0, True)
    assert edited.revisions.count() == 2


def test_a_viewer_restores_nothing(viewer: Caller, photo: Photo) -> None:
    problem(viewer.post(f"revisions/{photo.current_id}/restore/"), 403, "not_allowed")


def test_strangers_find_no_revision(stranger: Caller, photo: Photo) -> None:
    for path in ("", "thumbnail/", "preview/", "download/"):
        problem(stranger.get(f"revisions/{photo.current_id}/{path}"), 404, "not_found")
