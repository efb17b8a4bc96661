"""Measures a running installation over HTTP, as a user sees it."""

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
    """The API client with two more methods."""

    def download_thumbnail(self, photo: Photo) -> bytes:
        """Return the photo's current thumbnail."""
        response = self._http.get(f"revisions/{photo['current']['id']}/thumbnail/")
        return response.raise_for_status().content

    def wait_until_idle(self) -> None:
        """Wait until the detection runs of all photos have ended."""
        while any(photo["detection_state"] in UNFINISHED for photo in self.iterate_rows("photos/")):
            time.sleep(0.2)


def measure(folder: Path, photo: Path, **variables: str) -> Iterator[Figure]:
    """Measure start-up, upload and queue of an installation in `folder`, and stop it.

    `variables` are environment variables that name its services; without them it is embedded.
    """
    installation = Installation(folder, **variables)
    yield from _measure_starts(installation)
    try:
        with Caller(installation.url) as vanish:
            vanish.sign_in(DEMO_EMAIL, DEMO_PASSWORD)
            vanish.wait_until_idle()
            yield _measure_uploads(installation, vanish, photo)
            vanish.wait_until_idle()
            yield _measure_queue(vanish, folder)
    finally:
        installation.stop()


def _measure_starts(installation: Installation) -> Iterator[Figure]:
    yield _measure_start(
        installation, "Start-up in an empty data folder", "with examples and weights"
    )
    installation.stop()
    yield _measure_start(installation, "Start-up again", "until the page answers")


def _measure_start(installation: Installation, what: str, note: str) -> Figure:
    with _watch_memory(installation) as memory:
        start = time.perf_counter()
        installation.start()
        seconds = time.perf_counter() - start
    return Figure(what, (seconds,), memory.peak, note)


def _measure_uploads(installation: Installation, vanish: Caller, photo: Path) -> Figure:
    """Measure from the start of the upload to the end of the thumbnail's download."""
    seconds = []
    with _watch_memory(installation) as memory:
        for _time in range(UPLOADS):
            start = time.perf_counter()
            uploaded_photo = vanish.upload(photo)
            vanish.download_thumbnail(uploaded_photo)
            seconds.append(time.perf_counter() - start)
            vanish.wait_until_idle()
    with Image.open(photo) as picture:
        width, height = picture.size
    note = f"{width}×{height}, {photo.stat().st_size / 2**20:.1f} MiB; memory of all processes"
    return Figure("Upload to first thumbnail", tuple(seconds), memory.peak, note)


def _measure_queue(vanish: Caller, folder: Path) -> Figure:
    """Measure from the creation of an edit to its claim by an idle worker."""
    photo, mask = folder / "small.png", folder / "small-mask.png"
    Image.new("RGB", (320, 240), (90, 140, 200)).save(photo)
    hole = Image.new("L", (320, 240), 0)
    hole.paste(255, (140, 100, 180, 140))
    hole.save(mask)
    uploaded_photo = vanish.upload(photo)
    vanish.wait_until_idle()
    seconds = []
    for _time in range(EDITS):
        edit = vanish.remove(uploaded_photo["id"], mask=mask)
        while (ended := vanish.get_edit(edit["id"]))["state"] in UNFINISHED:
            time.sleep(0.1)
        seconds.append(_read_time(ended, "started_at") - _read_time(ended, "created_at"))
    return Figure("Queue: from Remove to running", tuple(seconds), None, "an idle worker")


def _watch_memory(installation: Installation) -> PeakMemory:
    name, value = "VANISH_DATA_DIR", str(installation.folder)
    return PeakMemory(lambda: find_processes(name, value))


def _read_time(edit: Edit, name: Literal["started_at", "created_at"]) -> float:
    return datetime.fromisoformat(edit[name] or "").timestamp()
