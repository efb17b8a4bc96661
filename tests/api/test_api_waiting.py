"""Prefer: wait=N: responses that wait for the end of a job."""

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
from tests.api.worker import run_jobs_while_waiting

BOX = {"boxes": [{"x": 10, "y": 12, "width": 12, "height": 10}]}
pytestmark = pytest.mark.django_db


def prefer(caller: Caller, preference: str) -> Caller:
    return replace(caller, headers=caller.headers | {"Prefer": preference})


@pytest.fixture
def worker_pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses of the wait, with a worker that runs all jobs in each of them."""
    return run_jobs_while_waiting(monkeypatch)


@pytest.fixture
def full_waiting_slots() -> Iterator[None]:
    """All slots for waiting requests are taken."""
    for _ in range(waiting.MAX_WAITING):
        assert waiting._slots.acquire(blocking=False)
    yield
    waiting._slots.release(waiting.MAX_WAITING)


@pytest.mark.parametrize(
    ("preference", "seconds"),
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
def test_the_prefer_header_is_parsed_as_in_rfc_7240(preference: str, seconds: int | None) -> None:
    request = Request(RequestFactory().get("/", headers={"Prefer": preference}))
    assert waiting.read_preferred_seconds(request) == seconds


def test_a_preferred_wait_returns_the_finished_edit(
    owner: Caller, photo: Photo, worker_pauses: list[float]
) -> None:
    response = prefer(owner, "wait=20").post(f"photos/{photo.pk}/edits/", BOX)
    body = response.json()
    assert (response.status_code, body["state"]) == (200, "succeeded")
    assert body["revision"]
    assert response["Preference-Applied"] == "wait=20"
    assert response["Location"] == f"/api/v1/edits/{body['id']}/"
    assert "Retry-After" not in response
    assert worker_pauses == [waiting.FIRST_PAUSE]


def test_without_the_preference_the_response_is_immediate(owner: Caller, photo: Photo) -> None:
    response = owner.post(f"photos/{photo.pk}/edits/", BOX)
    assert (response.status_code, response.json()["state"]) == (202, "queued")
    assert response.json()["queue_position"] == 1
    assert response["Retry-After"] == "1"
    assert response["Location"] == f"/api/v1/edits/{response.json()['id']}/"
    assert "Preference-Applied" not in response


def test_reading_an_edit_can_wait_too(
    owner: Caller, photo: Photo, worker_pauses: list[float]
) -> None:
    path = owner.post(f"photos/{photo.pk}/edits/", BOX)["Location"]
    unfinished = owner.get(path)
    assert (unfinished.json()["state"], unfinished["Retry-After"]) == ("queued", "1")
    response = prefer(owner, "wait=20").get(path)
    assert (response.status_code, response.json()["state"]) == (200, "succeeded")
    assert response["Preference-Applied"] == "wait=20"
    assert "Retry-After" not in response


def test_after_the_wait_an_unfinished_edit_is_returned(owner: Caller, photo: Photo) -> None:
    response = prefer(owner, "wait=1").post(f"photos/{photo.pk}/edits/", BOX)
    assert (response.status_code, response.json()["state"]) == (202, "queued")
    assert response["Preference-Applied"] == "wait=1"


@pytest.mark.usefixtures("local_detector")
def test_a_detection_run_can_be_waited_for(
    owner: Caller, photo: Photo, worker_pauses: list[float]
) -> None:
    response = prefer(owner, "wait=20").post(f"photos/{photo.pk}/detections/", {})
    run = DetectionRun.objects.get(photo=photo)
    assert response.json()["state"] in {State.SUCCEEDED, State.FAILED}
    assert response.json()["state"] == run.state
    assert response["Location"] == f"/api/v1/detection-runs/{run.pk}/"
    second = prefer(owner, "wait=20").get(response["Location"])
    assert second["Preference-Applied"] == "wait=20"


@pytest.mark.usefixtures("full_waiting_slots")
def test_with_all_waiting_slots_full_the_response_is_immediate(owner: Caller, photo: Photo) -> None:
    response = prefer(owner, "wait=60").post(f"photos/{photo.pk}/edits/", BOX)
    assert (response.status_code, response.json()["state"]) == (202, "queued")
    assert "Preference-Applied" not in response
    assert prefer(owner, "wait=60").get(response["Location"]).status_code == 200


def test_half_of_the_servers_threads_never_wait() -> None:
    assert 1 <= waiting.MAX_WAITING <= gunicorn_config.threads / 2


def test_a_stopping_server_responds_immediately(owner: Caller, photo: Photo) -> None:
    stopping.tell_ending_by(lambda: True)
    try:
        response = prefer(owner, "wait=60").post(f"photos/{photo.pk}/edits/", BOX)
    finally:
        stopping.tell_ending_by(lambda: False)
    assert (response.status_code, response.json()["state"]) == (202, "queued")


def test_the_pauses_between_checks_grow(
    owner: Caller, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    edit = rows.create_box_edit(photo, photo.uploaded_by)  # type: ignore[arg-type]

    def record_pause(seconds: float, _notice: object) -> None:
        pauses.append(seconds)
        if len(pauses) == 20:
            rows.run_all_edits()

    monkeypatch.setattr(waiting, "_sleep", record_pause)
    assert waiting.wait_for_end(edit, 60)
    assert pauses[0] == waiting.FIRST_PAUSE
    assert pauses == sorted(pauses)
    assert pauses[-1] == waiting.MAX_PAUSE


def test_a_deleted_edit_ends_the_wait(owner: Caller, photo: Photo) -> None:
    edit = rows.create_box_edit(photo, photo.uploaded_by)  # type: ignore[arg-type]
    photo.delete()
    assert waiting.wait_for_end(edit, 60)


def test_a_stranger_gets_404_immediately(owner: Caller, stranger: Caller, photo: Photo) -> None:
    path = owner.post(f"photos/{photo.pk}/edits/", BOX)["Location"]
    assert prefer(stranger, "wait=60").get(path).status_code == 404
