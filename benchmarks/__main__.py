"""`make bench`: measures what users wait for, prints the table and writes RESULTS.md.

VANISH_TEST_DATA names the folder with the real photos and models.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import installation, machine, single_step, throughput
from benchmarks.figures import Figure, format_row, format_table
from tests.installation import build_mirror_variables
from vision.inpainters.registry import list_inpainters
from vision.weights import ModelStore

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).with_name("RESULTS.md")
SIZES = ("1", "12")
HEAD = """# What users wait for

Written by `make bench`. Times are medians, with the lowest and the highest of several. The memory
of a running installation is that of all its processes; the memory of a single step is that of its
process and its largest child. [VISION.md](VISION.md#where-the-time-goes) shows the time of a
removal by function, and [TRIED.md](vision/TRIED.md) what was tried without success.
"""


def main() -> None:
    """Measure everything, and print each row as soon as it is measured."""
    data = os.environ.get("VANISH_TEST_DATA", "")
    if not (Path(data) / "photos").is_dir() or not data:
        sys.exit("VANISH_TEST_DATA must name the folder with photos/ and models/")
    os.environ.update(build_mirror_variables())
    os.environ.setdefault("VANISH_MODEL_DIR", str(ROOT / "var/models"))
    figures = []
    for figure in _measure_all(Path(data) / "photos"):
        print(format_row(figure), flush=True)
        figures.append(figure)
    RESULTS.write_text(f"{HEAD}\n{machine.describe_machine()}\n\n{format_table(figures)}\n")
    print(f"\n{RESULTS.read_text()}")


def _measure_all(photos: Path) -> Iterator[Figure]:
    large = photos / "pairs/20_image.jpg"
    with tempfile.TemporaryDirectory(prefix="vanish-bench-") as folder:
        yield from installation.measure(Path(folder), large)
    with tempfile.TemporaryDirectory(prefix="vanish-bench-") as folder:
        yield from throughput.measure(Path(folder), large)
    yield from single_step.measure("Detection", "detection", str(photos / "legendary_2.jpg"))
    yield from _measure_removals(large, photos / "pairs/20_mask.jpg")


def _measure_removals(photo: Path, mask: Path) -> Iterator[Figure]:
    for inpainter in list_inpainters(ModelStore.from_environment()):
        for size in SIZES:
            what = f"Removal at {size} MP with {inpainter.title}"
            if inpainter.available:
                arguments = ("removal", inpainter.name, str(photo), str(mask), size)
                yield from single_step.measure(what, *arguments)
            else:
                yield Figure(what, note="not measured: its weights are missing")


if __name__ == "__main__":
    main()
