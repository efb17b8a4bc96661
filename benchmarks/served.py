"""Measures a running installation over HTTP, as a user meets it."""

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

from PIL import Image

from benchmarks.figures import Figure
from benchmarks.memory import PeakMemory
from tests.installation import Installation
from tests.waiting import find_processes
from vanish_client import UNFINISHED, Edit, Photo, Vanish

DEMO_EMAIL = "demo@vanish.example"
DEMO_PASSWORD = "make-it-vanish"  # noqa: S105  the published one of a laptop
UPLOADS = 5
EDITS = 10


class Caller(Vanish):
    """The calls of the client, and two more."""

    def thumbnail(self, photo: Photo) -> bytes:
        """The photo's current thumbnail."""
        answer = self._http.get(f"revisions/{photo['current']['id']}/thumbnail/")
        return answer.raise_for_status().content

    def wait_until_idle(self) -> None:
        """Until every photo has been looked at for objects."""
        while any(photo["detection_state"] in UNFINISHED for photo in self.iterate_rows("photos/")):
            time.sleep(0.2)


def measure(folder: Path, photo: Path, **variables: str) -> Iterator[Figure]:
    """Start-up, upload and queue of an installation in `folder`; stops it again.

    `variables` tell it where its services are; embedded without.
    """
    installation = Installation(folder, **variables)
    yield from _starts(installation)
    try:
        with Caller(installation.url) as vanish:
            vanish.sign_in(DEMO_EMAIL, DEMO_PASSWORD)
            vanish.wait_until_idle()
            yield _uploads(installation, vanish, photo)
            vanish.wait_until_idle()
            yield _queue(vanish, folder)
    finally:
        installation.stop()


def _starts(installation: Installation) -> Iterator[Figure]:
    yield _start(installation, "Start-up in an empty data folder", "with examples and weights")
    installation.stop()
    yield _start(installation, "Start-up again", "until the page answers")


def _start(installation: Installation, what: str, note: str) -> Figure:
    with _watched(installation) as memory:
        start = time.perf_counter()
        installation.start()
        seconds = time.perf_counter() - start
    return Figure(what, (seconds,), memory.peak, note)


def _uploads(installation: Installation, vanish: Caller, photo: Path) -> Figure:
    """From sending the file to holding the thumbnail's bytes."""
    seconds = []
    with _watched(installation) as memory:
        for _time in range(UPLOADS):
            start = time.perf_counter()
            made = vanish.upload(photo)
            vanish.thumbnail(made)
            seconds.append(time.perf_counter() - start)
            vanish.wait_until_idle()
    with Image.open(photo) as picture:
        width, height = picture.size
    note = f"{width}×{height}, {photo.stat().st_size / 2**20:.1f} MiB; memory of all processes"
    return Figure("Upload to first thumbnail", tuple(seconds), memory.peak, note)


def _queue(vanish: Caller, folder: Path) -> Figure:
    """From the edit's row to its claim, with a worker that has nothing else to do."""
    photo, mask = folder / "small.png", folder / "small-mask.png"
    Image.new("RGB", (320, 240), (90, 140, 200)).save(photo)
    hole = Image.new("L", (320, 240), 0)
    hole.paste(255, (140, 100, 180, 140))
    hole.save(mask)
    made = vanish.upload(photo)
    vanish.wait_until_idle()
    seconds = []
    for _time in range(EDITS):
        edit = vanish.remove(made["id"], mask=mask)
        while (ended := vanish.get_edit(edit["id"]))["state"] in UNFINISHED:
            time.sleep(0.1)
        seconds.append(_moment(ended, "started_at") - _moment(ended, "created_at"))
    return Figure("Queue: from Remove to running", tuple(seconds), None, "an idle worker")


def _watched(installation: Installation) -> PeakMemory:
    name, value = "VANISH_DATA_DIR", str(installation.folder)
    return PeakMemory(lambda: find_processes(name, value))


def _moment(edit: Edit, name: Literal["started_at", "created_at"]) -> float:
    return datetime.fromisoformat(edit[name] or "").timestamp()
