"""The command of `make run` starts, refuses a second start, survives kills and stops cleanly."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from tests import images
from tests.installation import ROOT, Installation
from tests.needs import skip_without
from tests.rows import build_mask_png
from tests.waiting import find_processes, wait_until
from vanish_client import Edit, Vanish
from vision.detectors.base import Box


@pytest.fixture(scope="module")
def own_installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation that only the tests of this module stop and kill."""
    if not sys.platform.startswith("linux"):
        skip_without("Linux (/proc)")
    own = Installation(tmp_path_factory.mktemp("own") / "data")
    yield own
    if list_processes(own):
        own.stop(signal.SIGKILL)


@pytest.fixture
def own_running(own_installation: Installation) -> Installation:
    """The same installation, running: an earlier test may have stopped it."""
    if not list_processes(own_installation):
        own_installation.lines.clear()
        own_installation.start()
    return own_installation


def list_processes(installation: Installation) -> dict[int, str]:
    """Return the command lines of all processes with its data folder, by process id."""
    return find_processes("VANISH_DATA_DIR", str(installation.folder))


def list_workers(installation: Installation, queue: str) -> set[int]:
    """Return the process ids of a queue's worker: main process and pool."""
    option = f"--queues {queue} "
    return {pid for pid, command in list_processes(installation).items() if option in command}


def sign_in(installation: Installation) -> Vanish:
    """Return a client of the API with the demo account."""
    client = Vanish(installation.url)
    client.sign_in(settings.DEMO_EMAIL, settings.DEMO_PASSWORD)
    return client


def write_photo(folder: Path, *, width: int = 320, height: int = 240) -> Path:
    """Write a photo and beside it `mask.png` with a hole in the middle; return the photo."""
    file = folder / "photo.png"
    file.write_bytes(images.build_png(width, height))
    hole = Box(width // 3, height // 3, width // 4, height // 4)
    mask = build_mask_png(width=width, height=height, hole=hole)
    (folder / "mask.png").write_bytes(mask)
    return file


def start_edit(vanish: Vanish, folder: Path, **size: int) -> Edit:
    """Upload a photo and request an edit of the hole."""
    photo = vanish.upload(write_photo(folder, **size))
    return vanish.remove(photo["id"], mask=folder / "mask.png")


def start_second(
    installation: Installation, **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Try to start a second installation."""
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "up"],
        env=installation.build_environment() | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_it_prints_its_url_and_stops_cleanly(own_running: Installation) -> None:
    assert httpx.get(f"{own_running.url}/").status_code == 200
    for line in (own_running.url, settings.DEMO_EMAIL, settings.DEMO_PASSWORD, "Fills with"):
        assert line in own_running.output

    assert own_running.stop(signal.SIGINT) == 0
    assert list_processes(own_running) == {}
    assert "Traceback" not in own_running.output
    assert own_running.lines[-1] == "Stopped"


def test_a_second_installation_is_refused_with_one_line(
    installation: Installation, tmp_path: Path
) -> None:
    same_data_folder = start_second(installation, PORT="1")
    same_port = start_second(installation, VANISH_DATA_DIR=str(tmp_path / "other"))

    for result, reason in (
        (same_data_folder, "already running"),
        (same_port, "choose another one"),
    ):
        assert result.returncode == 1
        assert reason in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1
    assert httpx.get(f"{installation.url}/livez").text == "ok\n"


def test_killed_workers_are_restarted_and_work(installation: Installation, tmp_path: Path) -> None:
    worker_pids = list_workers(installation, "edits") | list_workers(installation, "detection")
    assert len(worker_pids) >= 2
    for pid in worker_pids:
        os.kill(pid, signal.SIGKILL)

    with sign_in(installation) as client:
        edit = start_edit(client, tmp_path)
        client.wait_for_edit(edit["id"])

    assert not list_workers(installation, "edits") & worker_pids
    assert "starts again" in installation.output


def test_edits_that_ran_at_a_kill_are_finished_after_the_next_start(
    own_running: Installation, tmp_path: Path
) -> None:
    with sign_in(own_running) as client:
        edits = [start_edit(client, tmp_path, width=1600, height=1200) for _ in range(2)]
        wait_until(
            lambda: any(client.get_edit(edit["id"])["state"] == "running" for edit in edits),
            "an edit is running",
        )
        before = list_processes(own_running)
        own_running.stop(signal.SIGKILL)
        wait_until(
            lambda: not set(list_processes(own_running)) & set(before),
            "all processes end with the first",
        )

        own_running.lines.clear()
        own_running.start()

        for edit in edits:
            client.wait_for_edit(edit["id"])
    assert own_running.stop() == 0
