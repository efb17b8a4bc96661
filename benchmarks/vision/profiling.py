"""The time of warm removals by our own functions.

`python -m benchmarks.vision.profiling INPAINTER PHOTO MASK MODELS` prints JSON.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.vision.files import ROOT, read_hole
from benchmarks.vision.sampler import Sampler
from benchmarks.vision.single_removal import open_store
from benchmarks.vision.speed import build_graph, build_pictures
from vision import removal
from vision.images import decode
from vision.inpainters.registry import load_inpainter

SIZES = ((1024, 768), (4096, 3072), (8192, 8192))
LEAST_SHARE = 0.03
TIMES = 4
INPAINTERS = ("hifill", "patchmatch")
ABOUT = f"""The time of warm removals by function, with the libraries but without our own functions
that it calls. Functions below {LEAST_SHARE:.0%} are summed up as the rest. The photo and the hole
are the same as above. PatchMatch itself runs in a child: its time is that of waiting for it."""

Shares = Mapping[str, float]
"""The seconds of a removal by function."""


def measure(photos: Path) -> str:
    """Measure, and return a table for each inpainter: rows are functions, columns are sizes."""
    parts = [ABOUT]
    for inpainter in INPAINTERS:
        columns = [_measure_seconds(inpainter, photos, size) for size in SIZES]
        parts.append(format_table(inpainter, columns))
    return "\n\n".join(parts)


def _measure_seconds(inpainter: str, photos: Path, size: tuple[int, int]) -> Shares:
    files = [str(path) for path in (*build_pictures(photos, size), build_graph())]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.vision.profiling", inpainter, *files],
        cwd=ROOT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "2"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    seconds: Shares = json.loads(done.stdout.splitlines()[-1])
    return seconds


def format_table(title: str, columns: Sequence[Shares]) -> str:
    """Return the table; functions that take the most time at the largest size come first."""
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
        shown = [
            _format_share(c.get(name, 0.0), total) for c, total in zip(columns, totals, strict=True)
        ]
        lines.append(f"| `{name}` | {' | '.join(shown)} |")
    rests = [sum(s for name, s in column.items() if name not in names) for column in columns]
    shown = [_format_share(rest, total) for rest, total in zip(rests, totals, strict=True)]
    lines.append(f"| the rest | {' | '.join(shown)} |")
    lines.append(f"| **all** | {' | '.join(f'{total:.2f} s' for total in totals)} |")
    return "\n".join(lines)


def _format_share(seconds: float, total: float) -> str:
    return f"{seconds:.3f} s, {seconds / total:.0%}"


def profile_removal(inpainter: str, photo: Path, mask: Path, models: Path) -> Shares:
    """Return the seconds of one removal by function: the mean of several, without the first."""
    picture = decode(photo)
    hole = np.where(read_hole(mask), np.uint8(255), np.uint8(0))
    filler = load_inpainter(inpainter, open_store(models))
    removal.remove(picture, hole, filler)
    with Sampler("platform/vision/") as sampler:
        for _time in range(TIMES):
            removal.remove(picture, hole, filler)
    return {name: seconds / TIMES for name, seconds in sampler.seconds.items()}


if __name__ == "__main__":
    print(json.dumps(profile_removal(sys.argv[1], *map(Path, sys.argv[2:]))))
