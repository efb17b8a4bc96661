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


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Installation]:
    """An installation of this test's own; nothing of it is left afterwards."""
    if not sys.platform.startswith("linux"):
        skip_without("Linux (/proc)")
    installation = Installation(tmp_path / "data")
    installation.start()
    yield installation
    if processes(installation):
        installation.stop(signal.SIGKILL)


def processes(installation: Installation) -> dict[int, str]:
    """Everything that runs with its data folder, by pid."""
    return find_processes("VANISH_DATA_DIR", str(installation.folder))


def workers(installation: Installation, queue: str) -> set[int]:
    """The main process and the pool of a queue's worker."""
    wanted = f"--queues {queue} "
    return {pid for pid, command in processes(installation).items() if wanted in command}


@pytest.fixture
def vanish(running: Installation) -> Iterator[Vanish]:
    """A caller of the API with the demo account."""
    with Vanish(running.url) as caller:
        caller.sign_in(settings.DEMO_EMAIL, settings.DEMO_PASSWORD)
        yield caller


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
        env=installation.environment() | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_it_says_where_it_is_and_stops_without_a_trace(running: Installation) -> None:
    assert httpx.get(f"{running.url}/").status_code == 200
    for told in (running.url, settings.DEMO_EMAIL, settings.DEMO_PASSWORD, "Fills with"):
        assert told in running.output

    assert running.stop(signal.SIGINT) == 0
    assert processes(running) == {}
    assert "Traceback" not in running.output
    assert running.lines[-1] == "Stopped"


def test_a_second_one_is_refused_in_one_line(running: Installation, tmp_path: Path) -> None:
    same_data = another(running, PORT="1")
    same_port = another(running, VANISH_DATA_DIR=str(tmp_path / "other"))

    for refused, told in ((same_data, "runs already"), (same_port, "make run takes another")):
        assert refused.returncode == 1
        assert told in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1
    assert httpx.get(f"{running.url}/livez").text == "ok\n"


def test_killed_workers_come_back_and_work(
    running: Installation, vanish: Vanish, tmp_path: Path
) -> None:
    killed = workers(running, "edits") | workers(running, "detection")
    assert len(killed) >= 2
    for pid in killed:
        os.kill(pid, signal.SIGKILL)

    edit = start_edit(vanish, tmp_path)
    vanish.finished_edit(edit["id"])

    assert not workers(running, "edits") & killed
    assert "started again" in running.output


def test_what_was_under_way_when_it_was_killed_is_done_after_the_next_start(
    running: Installation, vanish: Vanish, tmp_path: Path
) -> None:
    edits = [start_edit(vanish, tmp_path, width=1600, height=1200) for _ in range(2)]
    wait_until(
        lambda: any(vanish.edit(edit["id"])["state"] == "running" for edit in edits),
        "an edit is running",
    )
    everything = processes(running)
    running.stop(signal.SIGKILL)
    wait_until(
        lambda: not set(processes(running)) & set(everything), "all processes end with the first"
    )

    running.lines.clear()
    running.start()

    for edit in edits:
        vanish.finished_edit(edit["id"])
    assert running.stop() == 0
