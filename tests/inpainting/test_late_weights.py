"""Photos whose detection failed for want of a model file are looked at again once it is there."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from inpainting import engines
from inpainting.models import DetectionRun
from inpainting.services import late_weights
from inpainting.services.late_weights import detections_requeue_after_fetch
from jobs.models import State
from jobs.registry import registry
from tests import rows
from vision.errors import WeightsMissing

pytestmark = pytest.mark.django_db


@pytest.fixture
def model_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The detector's model file, which a test creates when it comes."""
    path = tmp_path / "model.tflite"

    def find_file() -> Path:
        if not path.exists():
            raise WeightsMissing("model.tflite is not installed")
        return path

    monkeypatch.setattr(engines, "find_local_detector_file", find_file)
    monkeypatch.setattr(late_weights, "_STARTED_AT", timezone.now() - timedelta(days=1))
    return path


def fail_run(
    user: User,
    *,
    code: str = "weights_missing",
    detector: str = "local",
    finished_at: datetime | None = None,
) -> DetectionRun:
    photo = rows.upload(user)
    DetectionRun.objects.filter(photo=photo).update(
        state=State.FAILED,
        attempt=1,
        error_code=code,
        error_is_permanent=True,
        detector=detector,
        min_confidence=0.6,
        finished_at=finished_at or timezone.now() - timedelta(seconds=2),
    )
    return DetectionRun.objects.get(photo=photo)


def read_states(*runs: DetectionRun) -> list[str]:
    for run in runs:
        run.refresh_from_db()
    return [run.state for run in runs]


def test_runs_are_queued_again_once_the_file_is_there(alice: User, model_file: Path) -> None:
    run = fail_run(alice)
    detections_requeue_after_fetch()
    assert read_states(run) == [State.FAILED]
    model_file.touch()
    detections_requeue_after_fetch()
    assert read_states(run) == [State.QUEUED]
    assert (run.attempt, run.error_code, run.min_confidence) == (0, "", 0.6)


def test_a_run_that_fails_in_spite_of_the_file_stays_failed(alice: User, model_file: Path) -> None:
    model_file.touch()
    run = fail_run(alice, finished_at=timezone.now() + timedelta(seconds=1))
    detections_requeue_after_fetch()
    assert read_states(run) == [State.FAILED]


def test_a_worker_that_starts_later_tries_once_more(
    alice: User, model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model_file.touch()
    run = fail_run(alice, finished_at=timezone.now() + timedelta(seconds=1))
    monkeypatch.setattr(late_weights, "_STARTED_AT", timezone.now() + timedelta(seconds=2))
    detections_requeue_after_fetch()
    assert read_states(run) == [State.QUEUED]


def test_other_failures_stay_as_they_are(alice: User, model_file: Path) -> None:
    model_file.touch()
    runs = [fail_run(alice, code="corrupt"), fail_run(alice, detector="rekognition")]
    detections_requeue_after_fetch()
    assert read_states(*runs) == [State.FAILED, State.FAILED]


def test_a_sweep_queues_a_limited_number(
    alice: User, model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late_weights, "MOST_AT_ONCE", 1)
    newer = fail_run(alice, finished_at=timezone.now() - timedelta(seconds=2))
    older = fail_run(alice, finished_at=timezone.now() - timedelta(seconds=9))
    model_file.touch()
    detections_requeue_after_fetch()
    assert read_states(older, newer) == [State.QUEUED, State.FAILED]
    detections_requeue_after_fetch()
    assert read_states(older, newer) == [State.QUEUED, State.QUEUED]


def test_the_sweeper_runs_the_step() -> None:
    assert detections_requeue_after_fetch in registry.sweeps


def test_the_real_model_file_counts(alice: User, settings: Settings, test_data: Path) -> None:
    settings.MODEL_MIRROR = test_data / "models"
    years_ago = timezone.now() - timedelta(days=9999)
    run = fail_run(alice, code="detector_unavailable", finished_at=years_ago)
    detections_requeue_after_fetch()
    assert read_states(run) == [State.QUEUED]
