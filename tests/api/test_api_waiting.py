"""Prefer: wait=N: answers that wait for a job."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.test import RequestFactory
from rest_framework.request import Request

from api.http import waiting
from gallery.models import Photo
from inpainting.models import DetectionRun
from jobs.models import State
from processes import gunicorn_config, stopping
from tests import rows
from tests.api.caller import Caller
from tests.api.worked import work_while_waiting

BOX = {"boxes": [{"x": 10, "y": 12, "width": 12, "height": 10}]}
pytestmark = pytest.mark.django_db


def preferring(caller: Caller, words: str) -> Caller:
    return replace(caller, headers=caller.headers | {"Prefer": words})


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A worker is at hand; the rests that the waiting took."""
    return work_while_waiting(monkeypatch)


@pytest.fixture
def full() -> Iterator[None]:
    """As many wait as may."""
    for _ in range(waiting.MAX_WAITING):
        assert waiting._slots.acquire(blocking=False)
    yield
    waiting._slots.release(waiting.MAX_WAITING)


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("", None),
        ("wait=10", 10),
        ("wait=0", 0),
        ("WAIT = 7", 7),
        ('wait="8"; why=haste', 8),
        ("respond-async, wait=5", 5),
        ('note="no, wait=3", wait=9', 9),
        ("note; wait=3", None),
        ("wait=2, wait=20", 2),
        ("wait=999999999", 60),
        ("wait=-1", None),
        ("wait=1.5", None),
        ("wait", None),
        ("wait=soon, wait=4", None),
        ('"', None),
    ],
)
def test_the_preference_is_read_as_the_standard_says(words: str, seconds: int | None) -> None:
    request = Request(RequestFactory().get("/", headers={"Prefer": words}))
    assert waiting.read_preferred_seconds(request) == seconds


def test_an_edit_is_answered_when_it_is_done(
    owner: Caller, photo: Photo, worked: list[float]
) -> None:
    answer = preferring(owner, "wait=20").post(f"photos/{photo.pk}/edits/", BOX)
    told = answer.json()
    assert (answer.status_code, told["state"]) == (200, "succeeded")
    assert told["revision"]
    assert answer["Preference-Applied"] == "wait=20"
    assert answer["Location"] == f"/api/v1/edits/{told['id']}/"
    assert "Retry-After" not in answer
    assert worked == [waiting.FIRST_PAUSE]


def test_without_the_preference_nobody_waits(owner: Caller, photo: Photo) -> None:
    answer = owner.post(f"photos/{photo.pk}/edits/", BOX)
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert answer.json()["queue_position"] == 1
    assert answer["Retry-After"] == "1"
    assert answer["Location"] == f"/api/v1/edits/{answer.json()['id']}/"
    assert "Preference-Applied" not in answer


def test_looking_at_an_edit_waits_too(owner: Caller, photo: Photo, worked: list[float]) -> None:
    here = owner.post(f"photos/{photo.pk}/edits/", BOX)["Location"]
    looked = owner.get(here)
    assert (looked.json()["state"], looked["Retry-After"]) == ("queued", "1")
    answer = preferring(owner, "wait=20").get(here)
    assert (answer.status_code, answer.json()["state"]) == (200, "succeeded")
    assert answer["Preference-Applied"] == "wait=20"
    assert "Retry-After" not in answer


def test_when_the_time_is_over_the_edit_is_told_as_it_is(owner: Caller, photo: Photo) -> None:
    answer = preferring(owner, "wait=1").post(f"photos/{photo.pk}/edits/", BOX)
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert answer["Preference-Applied"] == "wait=1"


@pytest.mark.usefixtures("local_detector")
def test_a_look_for_objects_is_waited_for(owner: Caller, photo: Photo, worked: list[float]) -> None:
    answer = preferring(owner, "wait=20").post(f"photos/{photo.pk}/detections/", {})
    run = DetectionRun.objects.get(photo=photo)
    assert answer.json()["state"] in {State.SUCCEEDED, State.FAILED}
    assert answer.json()["state"] == run.state
    assert answer["Location"] == f"/api/v1/detection-runs/{run.pk}/"
    again = preferring(owner, "wait=20").get(answer["Location"])
    assert again["Preference-Applied"] == "wait=20"


@pytest.mark.usefixtures("full")
def test_where_many_wait_the_answer_comes_at_once(owner: Caller, photo: Photo) -> None:
    answer = preferring(owner, "wait=60").post(f"photos/{photo.pk}/edits/", BOX)
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert "Preference-Applied" not in answer
    assert preferring(owner, "wait=60").get(answer["Location"]).status_code == 200


def test_half_of_the_servers_threads_never_wait() -> None:
    assert 1 <= waiting.MAX_WAITING <= gunicorn_config.threads / 2


def test_nobody_waits_in_a_server_that_stops(owner: Caller, photo: Photo) -> None:
    stopping.tell_ending_by(lambda: True)
    try:
        answer = preferring(owner, "wait=60").post(f"photos/{photo.pk}/edits/", BOX)
    finally:
        stopping.tell_ending_by(lambda: False)
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")


def test_the_looks_grow_rarer(owner: Caller, photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[float] = []
    edit = rows.create_box_edit(photo, photo.uploaded_by)  # type: ignore[arg-type]

    def rest(seconds: float) -> None:
        rests.append(seconds)
        if len(rests) == 12:
            rows.run_all_edits()

    monkeypatch.setattr(waiting, "_sleep", rest)
    assert waiting.wait_for_end(edit, 60)
    assert rests[0] == waiting.FIRST_PAUSE
    assert rests == sorted(rests)
    assert rests[-1] == waiting.MAX_PAUSE


def test_what_is_deleted_is_not_waited_for(owner: Caller, photo: Photo) -> None:
    edit = rows.create_box_edit(photo, photo.uploaded_by)  # type: ignore[arg-type]
    photo.delete()
    assert waiting.wait_for_end(edit, 60)


def test_strangers_do_not_wait(owner: Caller, stranger: Caller, photo: Photo) -> None:
    here = owner.post(f"photos/{photo.pk}/edits/", BOX)["Location"]
    assert preferring(stranger, "wait=60").get(here).status_code == 404
