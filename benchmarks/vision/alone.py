"""Measures one removal in a process of its own, so that its peak is its own.

`python -m benchmarks.vision.alone WAY PHOTO MASK MODELS TIMES` prints JSON; WAY is `reference`,
`reference-kept` (with the session kept), `hifill` or `patchmatch`, MODELS a folder with a graph
of HiFill, which is taken for the released one.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from benchmarks.peaks import ChildPeak, own_peak
from benchmarks.vision.files import ROOT, read_hole
from benchmarks.vision.reference import Reference
from vision import removal
from vision.images import decode
from vision.inpainters.registry import load_inpainter
from vision.weights import HIFILL, WEIGHTS, ModelStore


@dataclass(frozen=True)
class Measured:
    """What one process told.

    Attributes:
        first: seconds of the first photo, with loading.
        seconds: of each later one.
        network: seconds of the network in each later one; 0 where there is none.
        opening: seconds of opening the photo.
        peak_bytes: the most memory that the process held.
        child_peak_bytes: the most that a child of it held: the decoder, or PatchMatch.
    """

    first: float
    seconds: list[float]
    network: list[float]
    opening: float
    peak_bytes: int
    child_peak_bytes: int


Job = tuple[Callable[[], object], Callable[[], float], float]
"""A removal, the network's seconds in the last one, the seconds of opening the photo."""


def measure(way: str, photo: Path, mask: Path, models: Path, times: int) -> Measured:
    """What a fresh process measures."""
    arguments = (way, str(photo), str(mask), str(models), str(times))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.vision.alone", *arguments],
        cwd=ROOT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "2"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def store_of(models: Path) -> ModelStore:
    """A store that takes the graph in the folder for the released one."""
    digest = hashlib.sha256((models / HIFILL.name).read_bytes()).hexdigest()
    pinned = replace(HIFILL, urls=(), git_blob=None, sha256=digest)
    others = tuple(weight for weight in WEIGHTS if weight is not HIFILL)
    return ModelStore(models, weights=(pinned, *others))


def _reference(photo: Path, mask: Path, models: Path, *, keep: bool) -> Job:
    start = time.perf_counter()
    picture = np.ascontiguousarray(cv2.imread(str(photo)), np.uint8)
    opening = time.perf_counter() - start
    hole = read_hole(mask)
    reference = Reference(models / HIFILL.name, keep_session=keep)
    return lambda: reference.remove(picture, hole), lambda: reference.network_seconds, opening


def _ours(inpainter: str, photo: Path, mask: Path, models: Path) -> Job:
    start = time.perf_counter()
    picture = decode(photo)
    opening = time.perf_counter() - start
    hole = np.where(read_hole(mask), np.uint8(255), np.uint8(0))
    store = store_of(models)
    network = _Stopwatch()

    def run() -> None:
        filler = load_inpainter(inpainter, store)
        network.watch(filler)
        removal.remove(picture, hole, filler)

    return run, network.taken, opening


class _Stopwatch:
    """Takes the time that an inpainter's network takes: whatever it holds that runs."""

    def __init__(self) -> None:
        self._watched: object = None
        self._seconds = 0.0

    def watch(self, inpainter: object) -> None:
        """From the next photo on; once is enough."""
        if inpainter is self._watched:
            return
        self._watched = inpainter
        for part in vars(inpainter).values():
            if hasattr(part, "run"):
                part.run = self._timed(part.run)

    def taken(self) -> float:
        """Seconds since the last time that this was asked."""
        seconds, self._seconds = self._seconds, 0.0
        return seconds

    def _timed[**Given, Made](self, run: Callable[Given, Made]) -> Callable[Given, Made]:
        def timed(*given: Given.args, **named: Given.kwargs) -> Made:
            start = time.perf_counter()
            try:
                return run(*given, **named)
            finally:
                self._seconds += time.perf_counter() - start

        return timed


def main(way: str, photo: str, mask: str, models: str, times: str) -> None:
    """Measure and print."""
    files = Path(photo), Path(mask), Path(models)
    seconds, networks = [], []
    with ChildPeak() as children:
        if way.startswith("reference"):
            run, network, opening = _reference(*files, keep=way == "reference-kept")
        else:
            run, network, opening = _ours(way, *files)
        for _time in range(int(times) + 1):
            start = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - start)
            networks.append(network())
    peaks = own_peak(), children.peak
    told = Measured(seconds[0], seconds[1:], networks[1:], opening, *peaks)
    print(json.dumps(asdict(told)))


if __name__ == "__main__":
    main(*sys.argv[1:])
