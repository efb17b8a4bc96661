"""`make run`'s command: starts, refuses a second one, survives kills, stops clean."""

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
    """An installation that only this module's tests stop and kill; nothing of it is left."""
    if not sys.platform.startswith("linux"):
        skip_without("Linux (/proc)")
    own = Installation(tmp_path_factory.mktemp("own") / "data")
    yield own
    if processes(own):
        own.stop(signal.SIGKILL)


@pytest.fixture
def own_running(own_installation: Installation) -> Installation:
    """The same, running: an earlier test may have stopped it."""
    if not processes(own_installation):
        own_installation.lines.clear()
        own_installation.start()
    return own_installation


def processes(installation: Installation) -> dict[int, str]:
    """Everything that runs with its data folder, by pid."""
    return find_processes("VANISH_DATA_DIR", str(installation.folder))


def workers(installation: Installation, queue: str) -> set[int]:
    """The main process and the pool of a queue's worker."""
    wanted = f"--queues {queue} "
    return {pid for pid, command in processes(installation).items() if wanted in command}


def sign_in(installation: Installation) -> Vanish:
    """Return a client of the API with the demo account."""
    client = Vanish(installation.url)
    client.sign_in(settings.DEMO_EMAIL, settings.DEMO_PASSWORD)
    return client


def picture(folder: Path, *, width: int = 320, height: int = 240) -> Path:
    """A photo file, and beside it `mask.png` with a hole in the middle."""
    file = folder / "photo.png"
    file.write_bytes(images.build_png(width, height))
    hole = Box(width // 3, height // 3, width // 4, height // 4)
    mask = build_mask_png(width=width, height=height, hole=hole)
    (folder / "mask.png").write_bytes(mask)
    return file


def start_edit(vanish: Vanish, folder: Path, **size: int) -> Edit:
    """Upload a photo and ask for the hole to be filled."""
    photo = vanish.upload(picture(folder, **size))
    return vanish.remove(photo["id"], mask=folder / "mask.png")


def another(installation: Installation, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Try to start one more."""
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "up"],
        env=installation.build_environment() | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_it_says_where_it_is_and_stops_without_a_trace(own_running: Installation) -> None:
    assert httpx.get(f"{own_running.url}/").status_code == 200
    for line in (own_running.url, settings.DEMO_EMAIL, settings.DEMO_PASSWORD, "Fills with"):
        assert line in own_running.output

    assert own_running.stop(signal.SIGINT) == 0
    assert processes(own_running) == {}
    assert "Traceback" not in own_running.output
    assert own_running.lines[-1] == "Stopped"


def test_a_second_one_is_refused_in_one_line(installation: Installation, tmp_path: Path) -> None:
    same_data = another(installation, PORT="1")
    same_port = another(installation, VANISH_DATA_DIR=str(tmp_path / "other"))

    for refused, reason in ((same_data, "already running"), (same_port, "choose another one")):
        assert refused.returncode == 1
        assert reason in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1
    assert httpx.get(f"{installation.url}/livez").text == "ok\n"


def test_killed_workers_come_back_and_work(installation: Installation, tmp_path: Path) -> None:
    killed = workers(installation, "edits") | workers(installation, "detection")
    assert len(killed) >= 2
    for pid in killed:
        os.kill(pid, signal.SIGKILL)

    with sign_in(installation) as client:
        edit = start_edit(client, tmp_path)
        client.finished_edit(edit["id"])

    assert not workers(installation, "edits") & killed
    assert "starts again" in installation.output


def test_edits_that_were_running_at_a_kill_are_finished_after_the_next_start(
    own_running: Installation, tmp_path: Path
) -> None:
    with sign_in(own_running) as client:
        edits = [start_edit(client, tmp_path, width=1600, height=1200) for _ in range(2)]
        wait_until(
            lambda: any(client.edit(edit["id"])["state"] == "running" for edit in edits),
            "an edit is running",
        )
        everything = processes(own_running)
        own_running.stop(signal.SIGKILL)
        wait_until(
            lambda: not set(processes(own_running)) & set(everything),
            "all processes end with the first",
        )

        own_running.lines.clear()
        own_running.start()

        for edit in edits:
            client.finished_edit(edit["id"])
    assert own_running.stop() == 0
