"""vanish/: changes of the temporary photo while the response is awaited."""

import pytest

from accounts.models import User
from gallery.models import Album, Photo
from inpainting.models import DetectionRun, Edit
from tests import images, rows
from tests.api.caller import Caller, check_problem
from tests.api.vanish_calls import BOXES, prefer_wait
from tests.api.worker import run_all_jobs

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ["succeeded", "cancelled"])
def test_a_photo_moved_during_the_wait_is_kept_in_its_new_album(
    owner: Caller, alice: User, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    other_photo = rows.upload(alice)

    def move(*_: object) -> None:
        run_all_jobs()
        Edit.objects.update(state=state)
        moved = Photo.objects.exclude(pk=other_photo.pk).get()
        response = owner.patch(f"photos/{moved.pk}/", {"album": str(other_photo.album_id)})
        assert response.status_code == 200

    monkeypatch.setattr("api.http.waiting._sleep", move)
    owner.post_form("vanish/", image=images.build_png(96, 64), boxes=BOXES)
    assert list(Album.objects.all()) == [other_photo.album]
    assert other_photo.album.photos.count() == 2


def test_a_temporary_album_takes_no_other_photos(owner: Caller, alice: User) -> None:
    other_photo = rows.upload(alice)
    prefer_wait(owner, 0).post_form("vanish/", image=images.build_png(96, 64), boxes=BOXES)
    album = str(Album.objects.exclude(expires_at=None).get().pk)
    for response in (
        owner.patch(f"photos/{other_photo.pk}/", {"album": album}),
        owner.post_form("photos/", file=images.build_png(96, 64), album=album),
        owner.post("uploads/", {"filename": "a.png", "length": 9, "album": album}),
    ):
        check_problem(response, 404, "not_found")


@pytest.mark.usefixtures("local_detector")
def test_a_mask_used_by_another_edit_is_kept(owner: Caller) -> None:
    form = {"image": images.build_png(96, 64), "labels": "dog", "boxes": BOXES}
    edit = prefer_wait(owner, 0).post_form("vanish/", **form).json()
    photo = Photo.objects.get()
    body = {"mask": edit["mask"], "base_revision": str(photo.current_id)}
    assert owner.post(f"photos/{photo.pk}/edits/", body).status_code == 202
    DetectionRun.objects.update(state="succeeded")
    rows.create_detection(photo, "dog")
    assert [finished.state for finished in rows.run_all_edits()] == ["succeeded", "succeeded"]
    assert photo.masks.count() == 2
