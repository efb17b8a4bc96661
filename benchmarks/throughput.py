"""Measures `POST vanish/` of a running installation: one caller alone, and several at once.

`python -m benchmarks.throughput` measures and prints it alone. The photo has one megapixel.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from benchmarks.figures import Figure, format_row
from benchmarks.installation import DEMO_EMAIL, DEMO_PASSWORD, Caller
from tests.installation import Installation
from vanish_client import Picture

PIXELS = 1_000_000
HOLE_SHARE = 0.15
"""Of the photo's width and height."""
ALONE, TOGETHER = 10, 40
CALLERS = 4


def measure(folder: Path, photo: Path) -> Iterator[Figure]:
    """Measure removals of a painted area by PatchMatch, in an installation of its own."""
    picture, mask = _write_pictures(folder, photo)
    with (
        Installation(folder / "data") as installation,
        Caller(installation.url) as vanish,
    ):
        vanish.sign_in(DEMO_EMAIL, DEMO_PASSWORD)
        vanish.wait_until_idle()

        def remove(_number: int) -> float:
            start = time.perf_counter()
            result = vanish.remove_from_file(picture, mask=mask, inpainter="patchmatch")
            _require_picture(result)
            return time.perf_counter() - start

        remove(0)
        alone = tuple(map(remove, range(ALONE)))
        yield Figure("`vanish/` of one megapixel", alone, None, "one caller")
        start, before = time.perf_counter(), read_tree_cpu(installation.pid)
        with ThreadPoolExecutor(CALLERS) as pool:
            together = tuple(pool.map(remove, range(TOGETHER)))
        minutes = (time.perf_counter() - start) / 60
        used = (read_tree_cpu(installation.pid) - before) / TOGETHER
        note = f"{TOGETHER / minutes:.0f} a minute; {used:.2f} s of CPU each, in all processes"
        yield Figure(f"the same with {CALLERS} callers at once", together, None, note)


def _write_pictures(folder: Path, photo: Path) -> tuple[Path, Path]:
    """Write the photo with one megapixel, and a mask of its middle; return their paths."""
    picture, mask = folder / "photo.jpg", folder / "mask.png"
    with Image.open(photo) as image:
        share = (PIXELS / (image.width * image.height)) ** 0.5
        small = image.resize((round(image.width * share), round(image.height * share)))
    small.save(picture, quality=92)
    hole = Image.new("L", small.size, 0)
    width, height = (round(side * HOLE_SHARE) for side in small.size)
    left, top = (small.width - width) // 2, (small.height - height) // 2
    hole.paste(255, (left, top, left + width, top + height))
    hole.save(mask)
    return picture, mask


def _require_picture(result: Picture) -> None:
    if not result.mime.startswith("image/"):
        raise AssertionError(f"vanish/ returned {result.mime}")


def read_tree_cpu(pid: int) -> float:
    """Return the CPU seconds of a process and of all below it, ended ones included (Linux)."""
    fields = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "stat").read_text()
        except OSError:
            continue
        # The name in parentheses may contain spaces.
        fields[int(folder.name)] = text.rpartition(")")[2].split()
    tree: set[int] = set()
    found = {pid}
    while found:
        tree |= found
        found = {each for each in fields if int(fields[each][1]) in tree} - tree
    ticks = sum(int(number) for each in tree & fields.keys() for number in fields[each][11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    source = Path(os.environ["VANISH_TEST_DATA"]) / "photos/pairs/20_image.jpg"
    with tempfile.TemporaryDirectory(prefix="vanish-bench-") as work:
        for row in map(format_row, measure(Path(work), source)):
            sys.stdout.write(f"{row}\n")
            sys.stdout.flush()
