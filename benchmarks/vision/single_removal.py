"""Measures one removal in its own process, so that the peak memory is separate.

`python -m benchmarks.vision.single_removal METHOD PHOTO MASK MODELS TIMES` prints JSON. METHOD is
`reference`, `reference-kept` (which keeps its session), `hifill` or `patchmatch`; MODELS is a
folder with a graph of HiFill, which is used in place of the released one.
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

from benchmarks.peaks import ChildPeak, read_own_peak
from benchmarks.vision.files import ROOT, read_hole
from benchmarks.vision.reference import Reference
from vision import removal
from vision.images import decode
from vision.inpainters.registry import load_inpainter
from vision.weights import HIFILL, WEIGHTS, ModelStore


@dataclass(frozen=True)
class Measurement:
    """The result of one process.

    Attributes:
        first: seconds of the first removal, with loading.
        seconds: seconds of each later removal.
        network: seconds of the network in each later removal; 0 if there is none.
        opening: seconds of opening the photo.
        peak_bytes: the peak memory of the process.
        child_peak_bytes: the peak memory of one child: the decoder, or PatchMatch.
    """

    first: float
    seconds: list[float]
    network: list[float]
    opening: float
    peak_bytes: int
    child_peak_bytes: int


Job = tuple[Callable[[], object], Callable[[], float], float]
"""The removal, the network's seconds in the last removal, the seconds of opening the photo."""


def measure(method: str, photo: Path, mask: Path, models: Path, times: int) -> Measurement:
    """Measure in a new process."""
    arguments = (method, str(photo), str(mask), str(models), str(times))
    process = subprocess.run(
        [sys.executable, "-m", "benchmarks.vision.single_removal", *arguments],
        cwd=ROOT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "2"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Measurement(**json.loads(process.stdout.splitlines()[-1]))


def open_store(models: Path) -> ModelStore:
    """Open a store that uses the graph in the folder in place of the released one."""
    digest = hashlib.sha256((models / HIFILL.name).read_bytes()).hexdigest()
    pinned = replace(HIFILL, urls=(), git_blob=None, sha256=digest)
    others = tuple(weight for weight in WEIGHTS if weight is not HIFILL)
    return ModelStore(models, weights=(pinned, *others))


def _prepare_reference(photo: Path, mask: Path, models: Path, *, keep: bool) -> Job:
    start = time.perf_counter()
    picture = np.ascontiguousarray(cv2.imread(str(photo)), np.uint8)
    opening = time.perf_counter() - start
    hole = read_hole(mask)
    reference = Reference(models / HIFILL.name, keep_session=keep)
    return lambda: reference.remove(picture, hole), lambda: reference.network_seconds, opening


def _prepare_ours(inpainter: str, photo: Path, mask: Path, models: Path) -> Job:
    start = time.perf_counter()
    picture = decode(photo)
    opening = time.perf_counter() - start
    hole = np.where(read_hole(mask), np.uint8(255), np.uint8(0))
    store = open_store(models)
    network = _Stopwatch()

    def run() -> None:
        filler = load_inpainter(inpainter, store)
        network.watch(filler)
        removal.remove(picture, hole, filler)

    return run, network.reset, opening


class _Stopwatch:
    """Measures the time of an inpainter's network: of every attribute with a `run` method."""

    def __init__(self) -> None:
        self._watched: object = None
        self._seconds = 0.0

    def watch(self, inpainter: object) -> None:
        """Measure this inpainter from now on; further calls for it have no effect."""
        if inpainter is self._watched:
            return
        self._watched = inpainter
        for part in vars(inpainter).values():
            if hasattr(part, "run"):
                part.run = self._wrap(part.run)

    def reset(self) -> float:
        """Return the seconds since the last call, and start again from 0."""
        seconds, self._seconds = self._seconds, 0.0
        return seconds

    def _wrap[**Parameters, Result](
        self, run: Callable[Parameters, Result]
    ) -> Callable[Parameters, Result]:
        def run_timed(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
            start = time.perf_counter()
            try:
                return run(*args, **kwargs)
            finally:
                self._seconds += time.perf_counter() - start

        return run_timed


def main(method: str, photo: str, mask: str, models: str, times: str) -> None:
    """Measure, and print the result as JSON."""
    files = Path(photo), Path(mask), Path(models)
    seconds, networks = [], []
    with ChildPeak() as children:
        if method.startswith("reference"):
            run, network, opening = _prepare_reference(*files, keep=method == "reference-kept")
        else:
            run, network, opening = _prepare_ours(method, *files)
        for _time in range(int(times) + 1):
            start = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - start)
            networks.append(network())
    peaks = read_own_peak(), children.peak
    result = Measurement(seconds[0], seconds[1:], networks[1:], opening, *peaks)
    print(json.dumps(asdict(result)))


if __name__ == "__main__":
    main(*sys.argv[1:])
