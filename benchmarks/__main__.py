"""`make bench`: measures what users wait for, prints the table, writes RESULTS.md.

Needs the real photos and models that VANISH_TEST_DATA names.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import alone, machine, served
from benchmarks.figures import Figure, row, table
from tests.installation import build_mirror_variables
from vision.inpainters.registry import list_inpainters
from vision.weights import ModelStore

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).with_name("RESULTS.md")
SIZES = ("1", "12")
HEAD = """# What users wait for

Written by `make bench`. Times are medians, with the lowest and highest of several. Memory of a
running installation is that of all its processes, of a single step that of its process and the
largest child. Where the time of a removal goes, function by function, stands in
[VISION.md](VISION.md#where-the-time-goes); what was tried and did not help, in
[TRIED.md](vision/TRIED.md).
"""


def main() -> None:
    """Measure everything; a line a figure as it comes."""
    data = os.environ.get("VANISH_TEST_DATA", "")
    if not (Path(data) / "photos").is_dir() or not data:
        sys.exit("VANISH_TEST_DATA must name the folder with photos/ and models/")
    os.environ.update(build_mirror_variables())
    os.environ.setdefault("VANISH_MODEL_DIR", str(ROOT / "var/models"))
    figures = []
    for figure in _all_figures(Path(data) / "photos"):
        print(row(figure), flush=True)
        figures.append(figure)
    RESULTS.write_text(f"{HEAD}\n{machine.description()}\n\n{table(figures)}\n")
    print(f"\n{RESULTS.read_text()}")


def _all_figures(photos: Path) -> Iterator[Figure]:
    large = photos / "pairs/20_image.jpg"
    with tempfile.TemporaryDirectory(prefix="vanish-bench-") as folder:
        yield from served.measure(Path(folder), large)
    yield from alone.measure("Detection", "detection", str(photos / "legendary_2.jpg"))
    yield from _removals(large, photos / "pairs/20_mask.jpg")


def _removals(photo: Path, mask: Path) -> Iterator[Figure]:
    for inpainter in list_inpainters(ModelStore.from_environment()):
        for size in SIZES:
            what = f"Removal at {size} MP with {inpainter.title}"
            if inpainter.available:
                arguments = ("removal", inpainter.name, str(photo), str(mask), size)
                yield from alone.measure(what, *arguments)
            else:
                yield Figure(what, note="not measured: its weights are not here")


if __name__ == "__main__":
    main()
