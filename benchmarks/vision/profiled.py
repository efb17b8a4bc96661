"""Where the time of a removal goes: warm removals, by our own functions.

`python -m benchmarks.vision.profiled INPAINTER PHOTO MASK MODELS` prints JSON.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.vision.alone import store_of
from benchmarks.vision.files import ROOT, read_hole
from benchmarks.vision.sampler import Sampler
from benchmarks.vision.speed import graph, pictures
from vision import removal
from vision.images import decode
from vision.inpainters.registry import load_inpainter

SIZES = ((1024, 768), (4096, 3072), (8192, 8192))
LEAST_SHARE = 0.03
TIMES = 4
INPAINTERS = ("hifill", "patchmatch")
ABOUT = f"""Of the time of warm removals, what each function takes together with the libraries that
it calls, without our functions that it calls; under {LEAST_SHARE:.0%} it counts as the rest. The
same photo and hole as above. PatchMatch itself runs in a child: the time is spent in waiting for
it."""

Shares = Mapping[str, float]
"""Seconds of a removal by function."""


def measure(photos: Path) -> str:
    """A table an inpainter: a line a function, a column a size."""
    parts = [ABOUT]
    for inpainter in INPAINTERS:
        columns = [_seconds(inpainter, photos, size) for size in SIZES]
        parts.append(table(inpainter, columns))
    return "\n\n".join(parts)


def _seconds(inpainter: str, photos: Path, size: tuple[int, int]) -> Shares:
    files = [str(path) for path in (*pictures(photos, size), graph())]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.vision.profiled", inpainter, *files],
        cwd=ROOT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "2"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    seconds: Shares = json.loads(done.stdout.splitlines()[-1])
    return seconds


def table(title: str, columns: Sequence[Shares]) -> str:
    """What takes most at the largest size first."""
    totals = [sum(column.values()) for column in columns]
    names = {
        name
        for column, total in zip(columns, totals, strict=True)
        for name, seconds in column.items()
        if seconds >= LEAST_SHARE * total
    }
    head = [title, *(f"{width}×{height}" for width, height in SIZES)]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for name in sorted(names, key=lambda name: -columns[-1].get(name, 0.0)):
        shown = [_shown(c.get(name, 0.0), total) for c, total in zip(columns, totals, strict=True)]
        lines.append(f"| `{name}` | {' | '.join(shown)} |")
    rests = [sum(s for name, s in column.items() if name not in names) for column in columns]
    shown = [_shown(rest, total) for rest, total in zip(rests, totals, strict=True)]
    lines.append(f"| the rest | {' | '.join(shown)} |")
    lines.append(f"| **all** | {' | '.join(f'{total:.2f} s' for total in totals)} |")
    return "\n".join(lines)


def _shown(seconds: float, total: float) -> str:
    return f"{seconds:.3f} s, {seconds / total:.0%}"


def profile(inpainter: str, photo: Path, mask: Path, models: Path) -> Shares:
    """Seconds of one removal by function, the mean of several after a first one."""
    picture = decode(photo)
    hole = np.where(read_hole(mask), np.uint8(255), np.uint8(0))
    filler = load_inpainter(inpainter, store_of(models))
    removal.remove(picture, hole, filler)
    with Sampler("platform/vision/") as sampler:
        for _time in range(TIMES):
            removal.remove(picture, hole, filler)
    return {name: seconds / TIMES for name, seconds in sampler.seconds.items()}


if __name__ == "__main__":
    print(json.dumps(profile(sys.argv[1], *map(Path, sys.argv[2:]))))
