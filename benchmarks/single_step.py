"""Measures detection or removal in its own process, so that the peak memory is separate.

`python -m benchmarks.single_step detection PHOTO` or `... removal INPAINTER PHOTO MASK MEGAPIXELS`
prints {"seconds": [...], "peak_bytes": ..., "note": ...}: the first time includes loading.
"""

import json
import math
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.figures import Figure
from benchmarks.peaks import ChildPeak, read_own_peak
from vision import masks, removal
from vision.detectors.registry import load_detector
from vision.images import Picture, decode, make_thumbnail
from vision.inpainters.registry import load_inpainter
from vision.outlines import find_outline
from vision.weights import ModelStore

Job = tuple[Callable[[], None], str]
"""The function that is measured, and a note about it."""

TIMES = 4
MILLION = 1_000_000


def measure(what: str, *arguments: str) -> list[Figure]:
    """Measure in a new process; return the figures of the first run and of the later runs."""
    process = subprocess.run(
        [sys.executable, "-m", "benchmarks.single_step", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    result = json.loads(process.stdout.splitlines()[-1])
    first, *later = result["seconds"]
    peak, note = result["peak_bytes"], result["note"]
    return [
        Figure(f"{what}, first time in a process", (first,), None, "with loading"),
        Figure(f"{what}, later", tuple(later), peak, note),
    ]


def _prepare_detection(photo: str) -> Job:
    picture = decode(Path(photo))
    store = ModelStore.from_environment()

    def run() -> None:
        for detection in load_detector("local", store).detect(picture):
            if detection.box is not None:
                find_outline(picture, detection, store)

    return run, f"{picture.width}×{picture.height}, with outlines"


def _prepare_removal(inpainter: str, photo: str, mask: str, megapixels: str) -> Job:
    picture = _scale_picture(decode(Path(photo)), float(megapixels) * MILLION)
    marks = _scale_picture(decode(Path(mask)), float(megapixels) * MILLION)
    hole = np.where(marks.pixels[..., 0] < 128, 255, 0).astype(np.uint8)
    masks.check(hole, picture.pixels.shape[:2])
    store = ModelStore.from_environment()

    def run() -> None:
        removal.remove(picture, hole, load_inpainter(inpainter, store))

    share = np.count_nonzero(hole) / hole.size
    return run, f"{picture.width}×{picture.height}, {share:.1%} of it is removed"


def _scale_picture(picture: Picture, pixels: float) -> Picture:
    """Return the picture with about so many pixels; it is never enlarged."""
    scale = min(1.0, math.sqrt(pixels / (picture.width * picture.height)))
    longest = round(max(picture.width, picture.height) * scale)
    return make_thumbnail(picture, longest_side=longest)


def main(kind: str, *arguments: str) -> None:
    """Measure, and print the result as JSON."""
    seconds = []
    with ChildPeak() as children:
        run, note = (
            _prepare_detection(*arguments) if kind == "detection" else _prepare_removal(*arguments)
        )
        for _time in range(TIMES):
            start = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - start)
    peak = read_own_peak() + children.peak
    print(json.dumps({"seconds": seconds, "peak_bytes": peak, "note": note}))


if __name__ == "__main__":
    main(*sys.argv[1:])
