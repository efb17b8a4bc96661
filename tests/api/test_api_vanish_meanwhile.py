"""vanish/: what its caller does with the photo while the answer is awaited."""

from dataclasses import replace

import pytest

from accounts.models import User
from gallery.models import Album, Photo
from inpainting.models import DetectionRun, Edit
from tests import images, rows
from tests.api.caller import Caller, problem
from tests.api.worked import work

BOXES = '[{"x": 40, "y": 20, "width": 12, "height": 10}]'
pytestmark = pytest.mark.django_db


def promptly(caller: Caller) -> Caller:
    return replace(caller, headers=caller.headers | {"Prefer": "wait=0"})


@pytest.mark.parametrize("state", ["succeeded", "cancelled"])
def test_a_photo_that_was_moved_meanwhile_stays_and_so_does_its_new_album(
    owner: Caller, alice: User, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    kept = rows.upload(alice)

    def move(_: float) -> None:
        work()
        Edit.objects.update(state=state)
        moved = Photo.objects.exclude(pk=kept.pk).get()
        answer = owner.patch(f"photos/{moved.pk}/", {"album": str(kept.album_id)})
        assert answer.status_code == 200

    monkeypatch.setattr("api.http.waiting._sleep", move)
    owner.form("vanish/", image=images.build_png(96, 64), boxes=BOXES)
    assert list(Album.objects.all()) == [kept.album]
    assert kept.album.photos.count() == 2


def test_nothing_else_is_put_where_it_goes_by_itself(owner: Caller, alice: User) -> None:
    kept = rows.upload(alice)
    promptly(owner).form("vanish/", image=images.build_png(96, 64), boxes=BOXES)
    album = str(Album.objects.exclude(expires_at=None).get().pk)
    for answer in (
        owner.patch(f"photos/{kept.pk}/", {"album": album}),
        owner.form("photos/", file=images.build_png(96, 64), album=album),
        owner.post("uploads/", {"filename": "a.png", "length": 9, "album": album}),
    ):
        problem(answer, 404, "not_found")


@pytest.mark.usefixtures("local_detector")
def test_a_mask_that_another_edit_was_made_with_stays(owner: Caller) -> None:
    form = {"image": images.build_png(96, 64), "labels": "dog", "boxes": BOXES}
    asked = promptly(owner).form("vanish/", **form).json()
    photo = Photo.objects.get()
    other = {"mask": asked["mask"], "base_revision": str(photo.current_id)}
    assert owner.post(f"photos/{photo.pk}/edits/", other).status_code == 202
    DetectionRun.objects.update(state="succeeded")
    rows.create_detection(photo, "dog")
    assert [edit.state for edit in rows.run_all_edits()] == ["succeeded", "succeeded"]
    assert photo.masks.count() == 2
