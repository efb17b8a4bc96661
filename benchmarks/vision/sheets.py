"""Contact sheets: before, mask, and each method's result whole and at its rim, pixel for pixel."""

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.vision import ours
from benchmarks.vision.elsewhere import run_elsewhere
from benchmarks.vision.files import CASES, ROOT, Hole, Rgb, read_facts, read_hole, read_rgb
from benchmarks.vision.places import places
from benchmarks.vision.quality import METHODS
from benchmarks.vision.removals import REMOVALS
from vision.images import decode

SHEETS = ROOT / "benchmarks/sheets"
COLUMN = 480
"""Width and height in px of a cell; the rim is shown as it is, so many pixels of it."""
GAP = 8
LINE = 26
PAPER, INK = (250, 250, 250), (20, 20, 20)
MARK = (255, 0, 80)


def write(photos: Path, words: Iterable[str]) -> str:
    """Fill the removals whose name holds one of the words (all without), draw all cases' sheets."""
    words = tuple(words)
    for removal in REMOVALS:
        if not words or any(word in removal.name for word in words):
            picture = decode(photos / removal.photo)
            ours.fill(CASES / removal.name, picture, removal.hole(photos, picture))
            run_elsewhere("classical", [removal.name])
    known = [*(one.name for one in REMOVALS), *(one.name for one in places())]
    drawn = [name for name in known if (CASES / name / "mask.png").exists()]
    for name in drawn:
        draw(CASES / name, SHEETS / f"{name}.jpg")
    return f"{len(drawn)} sheets in benchmarks/sheets: " + ", ".join(f"`{name}`" for name in drawn)


def draw(case: Path, sheet: Path) -> None:
    """One case's sheet."""
    before, hole = read_rgb(case / "before.png"), read_hole(case / "mask.png")
    marked = before.copy()
    marked[hole] = (marked[hole] * 0.4 + np.array(MARK) * 0.6).astype(np.uint8)
    cells = [("before", before), ("mask", marked)]
    for name in METHODS:
        if (case / f"{name}.png").exists():
            seconds = read_facts(case / f"{name}.json")["seconds"]
            cells.append((f"{name}, {seconds:.1f} s", read_rgb(case / f"{name}.png")))
    window = rim_window(before, hole)
    small = [_whole(picture) for _, picture in cells]
    # The row of whole pictures is as high as they are; the one of crops begins below it.
    below = GAP + LINE + small[0].height + GAP
    width = len(cells) * (COLUMN + GAP) + GAP
    paper = Image.new("RGB", (width, below + len(before[window]) + GAP), PAPER)
    pen = ImageDraw.Draw(paper)
    for number, (title, picture) in enumerate(cells):
        left = GAP + number * (COLUMN + GAP)
        pen.text((left, GAP), title, INK, ImageFont.load_default(18))
        paper.paste(small[number], (left, GAP + LINE))
        paper.paste(Image.fromarray(picture[window]), (left, below))
    sheet.parent.mkdir(exist_ok=True)
    paper.save(sheet, quality=90)


def rim_window(picture: Rgb, hole: Hole) -> tuple[slice, slice]:
    """The part of the picture, at most `COLUMN` px wide and high, to look at the rim in.

    Around the point of the rim near which the surroundings have the strongest edges: lines have to
    carry on there.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    edges = np.abs(cv2.Laplacian(grey, cv2.CV_32F))
    edges[cv2.dilate(hole.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0] = 0
    strength = cv2.blur(edges, (COLUMN // 4, COLUMN // 4))
    rim = cv2.dilate(hole.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & ~hole
    strength[~rim] = -1
    y, x = np.unravel_index(int(np.argmax(strength)), strength.shape)
    return _span(int(y), picture.shape[0]), _span(int(x), picture.shape[1])


def _span(middle: int, length: int) -> slice:
    start = min(max(middle - COLUMN // 2, 0), max(length - COLUMN, 0))
    return slice(start, min(start + COLUMN, length))


def _whole(picture: Rgb) -> Image.Image:
    image = Image.fromarray(picture)
    image.thumbnail((COLUMN, COLUMN), Image.Resampling.LANCZOS)
    return image
