"""Readiness tells which part is not well, without details, and cannot be worn out by asking."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connections
from django.test import Client

from config.database import database
from config.services import LOCAL_STORAGE, build_bucket_storage
from operations import health
from operations.health import CHECKS, FAILED, OK, SLOW, Health
from tests.aws import aws_credentials  # noqa: F401  a fixture
from tests.operations.patience import PATIENT
from tests.stand_ins.ports import find_free_port
from tests.storage import build_own_storage

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def release() -> Iterator[threading.Event]:
    """Ends what hangs."""
    event = threading.Event()
    yield event
    event.set()


class Hanging:
    """A check that gives no answer before it is released."""

    def __init__(self, release: threading.Event) -> None:
        self.calls = 0
        self._release = release

    def __call__(self) -> None:
        self.calls += 1
        self._release.wait()


def fine() -> None:
    pass


def below_a_file(tmp_path: Path) -> Path:
    """A folder that nobody can make, root included."""
    file = tmp_path / "file"
    file.touch()
    return file / "folder"


def told(part: str) -> str:
    """What a patient look finds about one part of the platform."""
    return Health({part: CHECKS[part]}, limit_seconds=PATIENT).check_parts()[part]


def test_everything_well() -> None:
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "storage": "ok", "queue": "ok"}
    assert answer["Cache-Control"] == "no-store"
    assert Client().head("/readyz").status_code == 200


def test_a_failing_part_is_told_without_its_cause(
    settings: "Settings", tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = build_own_storage(LOCAL_STORAGE, below_a_file(tmp_path))
    settings.STORAGES = settings.STORAGES | {"default": folder}
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "failed",
        "database": "ok",
        "storage": "failed",
        "queue": "ok",
    }
    assert answer["Cache-Control"] == "no-store"
    assert f"The storage failed its check: {tmp_path}" in caplog.text


def test_a_queue_folder_that_cannot_be_written_to(settings: "Settings", tmp_path: Path) -> None:
    settings.QUEUE_URLS = {}
    settings.QUEUE_DIR = below_a_file(tmp_path)
    assert told("queue") == FAILED


@pytest.mark.usefixtures("aws_credentials")
def test_queues_that_nobody_answers_for(
    settings: "Settings", monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = f"http://127.0.0.1:{find_free_port()}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", nowhere)
    settings.QUEUE_URLS = {"edits": f"{nowhere}/1/edits"}
    assert told("queue") == FAILED
    assert "The queue failed its check" in caplog.text
    assert nowhere in caplog.text


@pytest.mark.usefixtures("aws_credentials")
def test_a_bucket_that_nobody_answers_for(
    settings: "Settings", caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = f"http://127.0.0.1:{find_free_port()}"
    bucket = build_bucket_storage("pictures", "us-east-1", nowhere)
    settings.STORAGES = settings.STORAGES | {"default": bucket}
    assert told("storage") == FAILED
    assert "The storage failed its check" in caplog.text
    assert nowhere in caplog.text


def test_a_database_that_nobody_answers_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nowhere = f"postgres://nobody@127.0.0.1:{find_free_port()}/nothing"
    entry = database(
        nowhere, secret="", sqlite_file=tmp_path, authority=None, is_tls_demanded=False
    )
    settings = connections.configure_settings({"default": entry})
    # Connections that are open already keep their own; only the look's is new.
    monkeypatch.setitem(connections.settings, "default", settings["default"])
    assert told("database") == FAILED


def test_a_part_that_gives_no_answer_is_slow(
    release: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    looks = Health({"good": fine, "lost": Hanging(release)}, limit_seconds=0.05)
    assert looks.check_parts() == {"good": OK, "lost": SLOW}
    assert "The lost did not respond" in caplog.text


def test_a_slow_part_is_not_ready(
    release: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = Health({"storage": Hanging(release)}, limit_seconds=0.05)
    monkeypatch.setattr(health, "health", looks)
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "failed", "storage": "slow"}


def test_what_was_seen_is_kept_for_a_while(release: threading.Event) -> None:
    calls = []
    looks = Health(
        {"good": lambda: calls.append(1), "lost": Hanging(release)},
        limit_seconds=0.05,
        cache_seconds=PATIENT,
    )
    first = looks.check_parts()
    release.set()
    assert looks.check_parts() == first
    assert len(calls) == 1


def test_what_hangs_is_not_asked_a_second_time(release: threading.Event) -> None:
    hanging = Hanging(release)
    looks = Health({"only here": hanging}, limit_seconds=0.05, cache_seconds=0)
    for _ in range(3):
        assert looks.check_parts() == {"only here": SLOW}
    assert hanging.calls == 1
    assert [thread.name for thread in threading.enumerate()].count("health-only here") == 1


def test_what_answers_again_is_well_again(release: threading.Event) -> None:
    looks = Health({"lost": Hanging(release)}, limit_seconds=0.05, cache_seconds=0)
    assert looks.check_parts() == {"lost": SLOW}
    release.set()
    while looks.check_parts() != {"lost": OK}:
        pass


def test_many_at_once_look_once() -> None:
    calls = []
    looks = Health({"good": lambda: calls.append(1)}, limit_seconds=PATIENT, cache_seconds=PATIENT)
    threads = [threading.Thread(target=looks.check_parts) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls) == 1


def test_a_part_that_failed_once_may_be_well_the_next_time() -> None:
    answers = iter([OSError("for now"), None])

    def check() -> None:
        if error := next(answers):
            raise error

    looks = Health({"part": check}, limit_seconds=PATIENT, cache_seconds=0)
    assert looks.check_parts() == {"part": FAILED}
    assert looks.check_parts() == {"part": OK}
