"""Contact sheets: before, mask, and each method's result, whole and as a crop at the edge."""

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.vision import own_fills
from benchmarks.vision.bench_environment import run_module
from benchmarks.vision.files import CASES, ROOT, Hole, Rgb, read_facts, read_hole, read_rgb
from benchmarks.vision.places import read_places
from benchmarks.vision.quality import METHODS
from benchmarks.vision.removals import REMOVALS
from vision.images import decode

SHEETS = ROOT / "benchmarks/sheets"
COLUMN = 480
"""Width and height of a cell in px; the crop at the edge has this size too, at full scale."""
GAP = 8
LINE = 26
PAPER, INK = (250, 250, 250), (20, 20, 20)
MARK = (255, 0, 80)


def write(photos: Path, words: Iterable[str]) -> str:
    """Fill the removals with one of the words in their name, or all; draw all cases' sheets."""
    words = tuple(words)
    for removal in REMOVALS:
        if not words or any(word in removal.name for word in words):
            picture = decode(photos / removal.photo)
            own_fills.fill(CASES / removal.name, picture, removal.build_mask(photos, picture))
            run_module("classical", [removal.name])
    known = [*(one.name for one in REMOVALS), *(one.name for one in read_places())]
    drawn = [name for name in known if (CASES / name / "mask.png").exists()]
    for name in drawn:
        draw(CASES / name, SHEETS / f"{name}.jpg")
    return f"{len(drawn)} sheets in benchmarks/sheets: " + ", ".join(f"`{name}`" for name in drawn)


def draw(case: Path, sheet: Path) -> None:
    """Draw the sheet of one case."""
    before, hole = read_rgb(case / "before.png"), read_hole(case / "mask.png")
    marked = before.copy()
    marked[hole] = (marked[hole] * 0.4 + np.array(MARK) * 0.6).astype(np.uint8)
    cells = [("before", before), ("mask", marked)]
    for name in METHODS:
        if (case / f"{name}.png").exists():
            seconds = read_facts(case / f"{name}.json")["seconds"]
            cells.append((f"{name}, {seconds:.1f} s", read_rgb(case / f"{name}.png")))
    crop = choose_edge_crop(before, hole)
    small = [_shrink_picture(picture) for _, picture in cells]
    # The row of crops begins below the row of whole pictures.
    crop_top = GAP + LINE + small[0].height + GAP
    width = len(cells) * (COLUMN + GAP) + GAP
    paper = Image.new("RGB", (width, crop_top + len(before[crop]) + GAP), PAPER)
    pen = ImageDraw.Draw(paper)
    for number, (title, picture) in enumerate(cells):
        left = GAP + number * (COLUMN + GAP)
        pen.text((left, GAP), title, INK, ImageFont.load_default(18))
        paper.paste(small[number], (left, GAP + LINE))
        paper.paste(Image.fromarray(picture[crop]), (left, crop_top))
    sheet.parent.mkdir(exist_ok=True)
    paper.save(sheet, quality=90)


def choose_edge_crop(picture: Rgb, hole: Hole) -> tuple[slice, slice]:
    """Choose a crop of the picture at the hole's edge, at most `COLUMN` px wide and high.

    Its middle is the point where the surroundings have the strongest contours, because the fill has
    to continue them there.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    contours = np.abs(cv2.Laplacian(grey, cv2.CV_32F))
    contours[cv2.dilate(hole.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0] = 0
    strength = cv2.blur(contours, (COLUMN // 4, COLUMN // 4))
    edge = cv2.dilate(hole.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & ~hole
    strength[~edge] = -1
    y, x = np.unravel_index(int(np.argmax(strength)), strength.shape)
    return _build_slice(int(y), picture.shape[0]), _build_slice(int(x), picture.shape[1])


def _build_slice(middle: int, length: int) -> slice:
    start = min(max(middle - COLUMN // 2, 0), max(length - COLUMN, 0))
    return slice(start, min(start + COLUMN, length))


def _shrink_picture(picture: Rgb) -> Image.Image:
    image = Image.fromarray(picture)
    image.thumbnail((COLUMN, COLUMN), Image.Resampling.LANCZOS)
    return image
