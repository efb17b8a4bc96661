"""The speed and memory of removal, compared with the dense reference pipeline."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import cv2
import numpy as np

from benchmarks import hifill_graph
from benchmarks.vision.files import CASES, read_hole, read_rgb, write_hole, write_rgb
from benchmarks.vision.holes import find_largest_part, resize_shape
from benchmarks.vision.single_removal import Measurement
from benchmarks.vision.single_removal import measure as measure_alone
from vision.inpainters.hifill_network.conversion import convert
from vision.weights import HIFILL

WORK = CASES.with_name("vision-speed")
PHOTO = "pairs/20_image.jpg"
SHAPE = "pairs/17_mask.jpg"
HOLE_SHARE = 0.05
SIZES = ((1024, 768), (4096, 3072), (8192, 8192))
PATCHMATCH_SIZES = ((1224, 816), (4242, 2828), (6000, 4000))
TIMES = 3
GIB = 2**30
ABOUT = f"""The reference is our implementation of the HiFill authors' application
([reference.py](vision/reference.py)). Both run a graph of the real architecture's size with random
weights. One photo, {PHOTO}, is resized; a person's shape in its middle, about {HOLE_SHARE:.0%} of
it, is removed. Medians of {TIMES}, each in a new process; ours is measured from the opened photo to
patches. Memory is the peak of the process without its children. The reference runs the network in
TensorFlow with its default settings, ours runs the verified ONNX model."""
END_TO_END = {(1024, 768): 8.0}
"""Targets: how many times faster than the reference, warm, from photo to patches."""
BESIDE_NETWORK = {(4096, 3072): 15.0, (8192, 8192): 15.0}
"""The same for everything but the network."""
MOST_MEMORY = {(8192, 8192): 1.0 * GIB}
PATCHMATCH_SECONDS = {(6000, 4000): 5.0}


@dataclass(frozen=True)
class Line:
    """A row of the table."""

    size: tuple[int, int]
    what: str
    reference: str
    ours: str
    ratio: str
    target: str

    def __str__(self) -> str:
        width, height = self.size
        cells = (f"{width}×{height}", self.what, self.reference, self.ours, self.ratio, self.target)
        return f"| {' | '.join(cells)} |"


def measure(photos: Path) -> str:
    """Measure everything, each in a new process, and return the section's text.

    TRIED.md gives the reasons for missed targets.
    """
    models = build_graph()
    lines = ["| photo | what | reference | ours | ratio | target |", "|---|---|---|---|---|---|"]
    for size in SIZES:
        photo, mask = build_pictures(photos, size)
        methods = ("reference", "reference-kept", "hifill")
        found = [
            measure_alone(method, photo, mask, models, _choose_times(method, size))
            for method in methods
        ]
        for line in format_lines(size, *found):
            print(line, flush=True)
            lines.append(str(line))
    for size in PATCHMATCH_SIZES:
        line = _format_patchmatch(
            size, measure_alone("patchmatch", *build_pictures(photos, size), models, TIMES)
        )
        print(line, flush=True)
        lines.append(str(line))
    return "\n".join([ABOUT, "", *lines])


def _choose_times(method: str, size: tuple[int, int]) -> int:
    """Return the number of runs: one for the large, slow runs of the reference."""
    return 1 if method.startswith("reference") and max(size) > 4096 else TIMES


def build_graph() -> Path:
    """Return the folder of a graph of the real architecture's size and its ONNX model."""
    path = WORK / "models" / HIFILL.name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        hifill_graph.write(path)
    convert(path, [path.parent])
    return path.parent


def build_pictures(photos: Path, size: tuple[int, int]) -> tuple[Path, Path]:
    """Write the photo resized to (width, height) and a mask in its middle; return their paths."""
    width, height = size
    photo, mask = (WORK / f"{width}x{height}{end}" for end in (".jpg", "-mask.png"))
    if not mask.exists():
        whole = read_rgb(photos / PHOTO)
        write_rgb(photo, np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA)))
        shape = find_largest_part(~read_hole(photos / SHAPE))
        cut = resize_shape(shape, HOLE_SHARE * width * height, (height * 0.6, width * 0.6))
        top, left = (height - cut.shape[0]) // 2, (width - cut.shape[1]) // 2
        hole = np.zeros((height, width), np.bool_)
        hole[top : top + cut.shape[0], left : left + cut.shape[1]] = cut
        write_hole(mask, hole)
    return photo, mask


def format_lines(
    size: tuple[int, int], whole: Measurement, kept: Measurement, ours: Measurement
) -> Iterator[Line]:
    """Yield the rows of one size: reference without and with a kept session, and ours."""
    yield _format_times(size, "first photo, with loading", whole.first, ours.first)
    target = END_TO_END.get(size)
    end = median(ours.seconds)
    yield _format_times(size, "warm, end to end", median(whole.seconds), end, target)
    yield _format_times(size, "warm, the reference's session kept", median(kept.seconds), end)
    yield _format_times(size, "of that the network", median(kept.network), median(ours.network))
    yield _format_times(
        size,
        "everything but the network",
        _compute_rest(kept),
        _compute_rest(ours),
        BESIDE_NETWORK.get(size),
    )
    most = MOST_MEMORY.get(size)
    yield Line(
        size,
        "peak memory of the process",
        _format_gib(whole.peak_bytes),
        _format_gib(ours.peak_bytes),
        f"{whole.peak_bytes / ours.peak_bytes:.1f}×",
        _format_target(f"< {_format_gib(most)}", met=ours.peak_bytes < most) if most else "",
    )
    opening = (
        f"{whole.opening:.2f} s",
        f"{ours.opening:.2f} s, {_format_gib(ours.child_peak_bytes)}",
    )
    yield Line(size, "opening the file; ours in a child", *opening, "", "")


def _format_patchmatch(size: tuple[int, int], ours: Measurement) -> Line:
    most = PATCHMATCH_SECONDS.get(size)
    seconds = median(ours.seconds)
    memory = f"{_format_gib(ours.peak_bytes)} and a child's {_format_gib(ours.child_peak_bytes)}"
    target = _format_target(f"≤ {most:.0f} s", met=seconds <= most) if most else ""
    return Line(size, "PatchMatch, warm", "–", f"{seconds:.2f} s, {memory}", "", target)


def _format_times(
    size: tuple[int, int], what: str, reference: float, ours: float, target: float | None = None
) -> Line:
    ratio = reference / ours if ours else 0.0
    wanted = _format_target(f"≥ {target:.0f}×", met=ratio >= target) if target else ""
    return Line(size, what, f"{reference:.2f} s", f"{ours:.2f} s", f"{ratio:.1f}×", wanted)


def _format_target(wanted: str, *, met: bool) -> str:
    return f"{wanted}: {'met' if met else '**missed**'}"


def _compute_rest(one: Measurement) -> float:
    return median(whole - network for whole, network in zip(one.seconds, one.network, strict=True))


def _format_gib(size: float) -> str:
    return f"{size / GIB:.2f} GiB"
