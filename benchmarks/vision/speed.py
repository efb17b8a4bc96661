"""How fast removal is and how much memory it takes, beside the dense reference pipeline."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import cv2
import numpy as np

from benchmarks import hifill_graph
from benchmarks.vision.alone import Measured
from benchmarks.vision.alone import measure as measured
from benchmarks.vision.files import CASES, read_hole, read_rgb, write_hole, write_rgb
from benchmarks.vision.holes import largest_part, sized
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
ABOUT = f"""The reference is HiFill as its authors' application does it, written anew
([reference.py](vision/reference.py)); both run a graph of the real architecture's size with random
weights. One photo, {PHOTO}, enlarged or shrunk; a person's shape in its middle goes, about
{HOLE_SHARE:.0%} of it. Medians of {TIMES}, a process each; ours from the opened photo to patches.
Memory is the process's own peak; children are told apart. The reference runs the network in
TensorFlow as it comes, ours the proven ONNX model."""
END_TO_END = {(1024, 768): 8.0}
"""How many times faster than the reference we aim to be, warm, from photo to patches."""
BESIDE_NETWORK = {(4096, 3072): 15.0, (8192, 8192): 15.0}
"""The same for everything but the network."""
MOST_MEMORY = {(8192, 8192): 1.0 * GIB}
PATCHMATCH_SECONDS = {(6000, 4000): 5.0}


@dataclass(frozen=True)
class Line:
    """A line of the table."""

    size: tuple[int, int]
    what: str
    reference: str
    ours: str
    ratio: str
    aim: str

    def __str__(self) -> str:
        width, height = self.size
        cells = (f"{width}×{height}", self.what, self.reference, self.ours, self.ratio, self.aim)
        return f"| {' | '.join(cells)} |"


def measure(photos: Path) -> str:
    """Everything, a process each; the section. Reasons for missed aims stand in TRIED.md."""
    models = graph()
    lines = ["| photo | what | reference | ours | ratio | aim |", "|---|---|---|---|---|---|"]
    for size in SIZES:
        photo, mask = pictures(photos, size)
        ways = ("reference", "reference-kept", "hifill")
        found = [measured(way, photo, mask, models, _times(way, size)) for way in ways]
        for line in compared(size, *found):
            print(line, flush=True)
            lines.append(str(line))
    for size in PATCHMATCH_SIZES:
        line = _patchmatch(size, measured("patchmatch", *pictures(photos, size), models, TIMES))
        print(line, flush=True)
        lines.append(str(line))
    return "\n".join([ABOUT, "", *lines])


def _times(way: str, size: tuple[int, int]) -> int:
    """Once is enough where it takes a quarter of a minute."""
    return 1 if way.startswith("reference") and max(size) > 4096 else TIMES


def graph() -> Path:
    """Return the folder of a graph of the real architecture's size and its ONNX model."""
    path = WORK / "models" / HIFILL.name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        hifill_graph.write(path)
    convert(path, [path.parent])
    return path.parent


def pictures(photos: Path, size: tuple[int, int]) -> tuple[Path, Path]:
    """The photo enlarged or shrunk to (width, height), and a mask of one person in its middle."""
    width, height = size
    photo, mask = (WORK / f"{width}x{height}{end}" for end in (".jpg", "-mask.png"))
    if not mask.exists():
        whole = read_rgb(photos / PHOTO)
        write_rgb(photo, np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA)))
        shape = largest_part(~read_hole(photos / SHAPE))
        cut = sized(shape, HOLE_SHARE * width * height, (height * 0.6, width * 0.6))
        top, left = (height - cut.shape[0]) // 2, (width - cut.shape[1]) // 2
        hole = np.zeros((height, width), np.bool_)
        hole[top : top + cut.shape[0], left : left + cut.shape[1]] = cut
        write_hole(mask, hole)
    return photo, mask


def compared(
    size: tuple[int, int], whole: Measured, kept: Measured, ours: Measured
) -> Iterator[Line]:
    """One size's lines: the reference as it is, with its session kept, and ours."""
    yield _timed(size, "first photo, with loading", whole.first, ours.first)
    aim = END_TO_END.get(size)
    end = median(ours.seconds)
    yield _timed(size, "warm, end to end", median(whole.seconds), end, aim)
    yield _timed(size, "warm, the reference's session kept", median(kept.seconds), end)
    yield _timed(size, "of that the network", median(kept.network), median(ours.network))
    yield _timed(
        size, "everything but the network", _rest(kept), _rest(ours), BESIDE_NETWORK.get(size)
    )
    most = MOST_MEMORY.get(size)
    yield Line(
        size,
        "peak memory of the process",
        _gib(whole.peak_bytes),
        _gib(ours.peak_bytes),
        f"{whole.peak_bytes / ours.peak_bytes:.1f}×",
        _aim(f"< {_gib(most)}", met=ours.peak_bytes < most) if most else "",
    )
    opening = (f"{whole.opening:.2f} s", f"{ours.opening:.2f} s, {_gib(ours.child_peak_bytes)}")
    yield Line(size, "opening the file; ours in a child", *opening, "", "")


def _patchmatch(size: tuple[int, int], ours: Measured) -> Line:
    most = PATCHMATCH_SECONDS.get(size)
    seconds = median(ours.seconds)
    memory = f"{_gib(ours.peak_bytes)} and a child's {_gib(ours.child_peak_bytes)}"
    aim = _aim(f"≤ {most:.0f} s", met=seconds <= most) if most else ""
    return Line(size, "PatchMatch, warm", "–", f"{seconds:.2f} s, {memory}", "", aim)


def _timed(
    size: tuple[int, int], what: str, reference: float, ours: float, aim: float | None = None
) -> Line:
    ratio = reference / ours if ours else 0.0
    wanted = _aim(f"≥ {aim:.0f}×", met=ratio >= aim) if aim else ""
    return Line(size, what, f"{reference:.2f} s", f"{ours:.2f} s", f"{ratio:.1f}×", wanted)


def _aim(wanted: str, *, met: bool) -> str:
    return f"{wanted}: {'met' if met else '**missed**'}"


def _rest(one: Measured) -> float:
    return median(whole - network for whole, network in zip(one.seconds, one.network, strict=True))


def _gib(size: float) -> str:
    return f"{size / GIB:.2f} GiB"
