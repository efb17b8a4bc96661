"""Readiness names the part that is not ready, without details, at a bounded cost."""

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
from tests.operations.timeouts import LONG_SECONDS
from tests.stand_ins.ports import find_free_port
from tests.storage import build_own_storage

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def release() -> Iterator[threading.Event]:
    """An event that ends the checks that hang."""
    event = threading.Event()
    yield event
    event.set()


class HangingCheck:
    """A check that hangs until it is released."""

    def __init__(self, release: threading.Event) -> None:
        self.calls = 0
        self._release = release

    def __call__(self) -> None:
        self.calls += 1
        self._release.wait()


def pass_check() -> None:
    """Pass."""


def build_impossible_folder(tmp_path: Path) -> Path:
    """Return a folder that not even root can create."""
    file = tmp_path / "file"
    file.touch()
    return file / "folder"


def check_part(part: str) -> str:
    """Return the result of the check of one part, with a long limit."""
    return Health({part: CHECKS[part]}, limit_seconds=LONG_SECONDS).check_parts()[part]


def test_all_parts_are_ready() -> None:
    response = Client().get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "storage": "ok", "queue": "ok"}
    assert response["Cache-Control"] == "no-store"
    assert Client().head("/readyz").status_code == 200


def test_a_failing_part_is_named_without_its_cause(
    settings: "Settings", tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = build_own_storage(LOCAL_STORAGE, build_impossible_folder(tmp_path))
    settings.STORAGES = settings.STORAGES | {"default": folder}
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json() == {
        "status": "failed",
        "database": "ok",
        "storage": "failed",
        "queue": "ok",
    }
    assert response["Cache-Control"] == "no-store"
    assert f"The storage failed its check: {tmp_path}" in caplog.text


def test_an_unwritable_queue_folder_fails_the_check(settings: "Settings", tmp_path: Path) -> None:
    settings.QUEUE_URLS = {}
    settings.QUEUE_DIR = build_impossible_folder(tmp_path)
    assert check_part("queue") == FAILED


@pytest.mark.usefixtures("aws_credentials")
def test_unreachable_queues_fail_the_check(
    settings: "Settings", monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    closed_url = f"http://127.0.0.1:{find_free_port()}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", closed_url)
    settings.QUEUE_URLS = {"edits": f"{closed_url}/1/edits"}
    assert check_part("queue") == FAILED
    assert "The queue failed its check" in caplog.text
    assert closed_url in caplog.text


@pytest.mark.usefixtures("aws_credentials")
def test_an_unreachable_bucket_fails_the_check(
    settings: "Settings", caplog: pytest.LogCaptureFixture
) -> None:
    closed_url = f"http://127.0.0.1:{find_free_port()}"
    bucket = build_bucket_storage("pictures", "us-east-1", closed_url)
    settings.STORAGES = settings.STORAGES | {"default": bucket}
    assert check_part("storage") == FAILED
    assert "The storage failed its check" in caplog.text
    assert closed_url in caplog.text


def test_an_unreachable_database_fails_the_check(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    closed_url = f"postgres://nobody@127.0.0.1:{find_free_port()}/nothing"
    entry = database(
        closed_url, secret="", sqlite_file=tmp_path, authority=None, is_tls_demanded=False
    )
    settings = connections.configure_settings({"default": entry})
    # Open connections keep their own settings; only the check opens a new one.
    monkeypatch.setitem(connections.settings, "default", settings["default"])
    assert check_part("database") == FAILED


def test_a_part_that_does_not_respond_is_slow(
    release: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    checks = Health({"good": pass_check, "lost": HangingCheck(release)}, limit_seconds=0.05)
    assert checks.check_parts() == {"good": OK, "lost": SLOW}
    assert "The lost did not respond" in caplog.text


def test_a_slow_part_is_not_ready(
    release: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = Health({"storage": HangingCheck(release)}, limit_seconds=0.05)
    monkeypatch.setattr(health, "health", checks)
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "failed", "storage": "slow"}


def test_the_result_is_cached_for_a_while(release: threading.Event) -> None:
    calls = []
    checks = Health(
        {"good": lambda: calls.append(1), "lost": HangingCheck(release)},
        limit_seconds=0.05,
        cache_seconds=LONG_SECONDS,
    )
    first = checks.check_parts()
    release.set()
    assert checks.check_parts() == first
    assert len(calls) == 1


def test_a_hanging_check_is_not_started_a_second_time(release: threading.Event) -> None:
    hanging_check = HangingCheck(release)
    checks = Health({"only here": hanging_check}, limit_seconds=0.05, cache_seconds=0)
    for _ in range(3):
        assert checks.check_parts() == {"only here": SLOW}
    assert hanging_check.calls == 1
    assert [thread.name for thread in threading.enumerate()].count("health-only here") == 1


def test_a_part_that_responds_again_is_ready_again(release: threading.Event) -> None:
    checks = Health({"lost": HangingCheck(release)}, limit_seconds=0.05, cache_seconds=0)
    assert checks.check_parts() == {"lost": SLOW}
    release.set()
    while checks.check_parts() != {"lost": OK}:
        pass


def test_parallel_requests_run_the_checks_once() -> None:
    calls = []
    checks = Health(
        {"good": lambda: calls.append(1)}, limit_seconds=LONG_SECONDS, cache_seconds=LONG_SECONDS
    )
    threads = [threading.Thread(target=checks.check_parts) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls) == 1


def test_a_part_that_failed_can_be_ready_the_next_time() -> None:
    results = iter([OSError("for now"), None])

    def check() -> None:
        if error := next(results):
            raise error

    checks = Health({"part": check}, limit_seconds=LONG_SECONDS, cache_seconds=0)
    assert checks.check_parts() == {"part": FAILED}
    assert checks.check_parts() == {"part": OK}
