"""Masks that are a little too small: how much of the object stays at its border, and in the fill.

An object of one colour with a soft edge is drawn where a photo has none, so the truth is known.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.vision.files import Hole, Rgb, read_hole, write_rgb
from benchmarks.vision.holes import find_largest_part, resize_shape
from benchmarks.vision.own_fills import to_rgb
from benchmarks.vision.places import Place, read_places
from benchmarks.vision.sheets import GAP, PAPER, SHEETS
from vision import masks
from vision.images import decode
from vision.images.picture import Picture
from vision.inpainters.base import Inpainter
from vision.inpainters.registry import list_inpainters, load_inpainter
from vision.patches import apply
from vision.removal import remove
from vision.selections import compute_default_growth
from vision.weights import ModelStore

TITLE = "Masks that are too small"
ABOUT = """An object of one colour with a soft edge of one pixel, a disc or a person's outline, is
drawn into each of 10 photos where there is no object, and removed with its mask made 0 to 3 px too
small. The mask of 0 px covers every pixel that shows the object. "As marked" does not grow it,
"grown" grows it as an imported mask does by default, "generous" grows that of 0 px by 8 px more.

- ring: the mean absolute difference to the true photo within 3 px of the object's border, in grey
  levels, after a blur of 1.5 px; "generous" shows what another texture alone makes of it.
- object: the share of the object's colour in this ring, 0 = none.
- inside: on flat grounds with noise, the difference of the mean colour more than 8 px inside the
  disc to the ground, the largest of three grounds.

The first two are the mean over the photos, and the worst photo."""
MISSING = (0, 1, 2, 3)
GENEROUS = 8
RING = 3
COLOURS = ((220, 20, 20), (20, 220, 220))
OUTLINES = ("pairs/17_mask.jpg", "pairs/6_mask.jpg")
PHOTOS = 10
SHARE = 0.01
"""The size of the object, as a share of the photo."""
GROUNDS = ((120, 120, 120), (60, 90, 160), (200, 190, 170))
NOISE = 4.0
FLAT_SIDE = 240
SUPERSAMPLING = 4
CELL = 220

_Levels = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scene:
    """A photo with an object drawn into it.

    Attributes:
        truth: the photo without the object.
        photo: the photo with it.
        depth: [H,W] distance of each pixel of the object from its border; 0 outside.
        outside: [H,W] distance of each other pixel from it.
        colour: the object's.
    """

    truth: Rgb
    photo: Rgb
    depth: _Levels
    outside: _Levels
    colour: tuple[int, int, int]

    @classmethod
    def draw(cls, truth: Rgb, shape: Hole) -> "Scene":
        """Draw an object of this shape, [4H,4W] bool, into a photo [H,W,3]."""
        size = (truth.shape[1], truth.shape[0])
        solid = shape.astype(np.float32)
        cover = cv2.resize(solid, size, interpolation=cv2.INTER_AREA)[:, :, np.newaxis]
        touched = (cover[:, :, 0] > 0).astype(np.uint8)
        ground = truth[touched > 0].mean(axis=0)
        colour = max(COLOURS, key=lambda one: float(np.abs(ground - one).sum()))
        photo = np.rint(truth * (1 - cover) + np.array(colour) * cover).astype(np.uint8)
        depth, outside = (
            cv2.distanceTransform(part, cv2.DIST_L2, cv2.DIST_MASK_PRECISE).astype(np.float64)
            for part in (touched, 1 - touched)
        )
        return cls(truth, photo, depth, outside, colour)

    def build_mask(self, missing: int) -> masks.Mask:
        """Return the object's mask, made `missing` pixels too small."""
        return np.where(self.depth > missing, np.uint8(255), np.uint8(0))

    def remove(self, inpainter: Inpainter, missing: int, grow: int) -> Rgb:
        """Return the photo without the object."""
        picture = Picture(self.photo, "RGB", "PNG", None, None, None, 1, (), "drawn")
        patches = remove(picture, self.build_mask(missing), inpainter, grow=grow)
        return np.asarray(apply(self.photo, patches), np.uint8)

    def measure_ring(self, filled: Rgb) -> tuple[float, float]:
        """Return the ring's difference to the truth, and the object's share in it."""
        ring = (self.depth <= RING) & (self.outside <= RING)
        kept, truth = (
            cv2.GaussianBlur(part.astype(np.float64), (0, 0), 1.5) for part in (filled, self.truth)
        )
        difference, contrast = (kept - truth)[ring], (np.array(self.colour) - truth)[ring]
        share = (difference * contrast).sum() / (contrast * contrast).sum()
        return float(np.abs(difference).mean()), float(share)


def measure(photos: Path) -> str:
    """Measure each available inpainter, draw a contact sheet, and return the section's text."""
    store = ModelStore.from_environment()
    parts = [ABOUT]
    for info in list_inpainters(store):
        if info.available:
            inpainter = load_inpainter(info.name, store)
            parts += [_measure_photos(photos, inpainter, kind) for kind in ("disc", "outline")]
            parts.append(_measure_grounds(inpainter))
    return "\n\n".join(parts)


def _measure_photos(photos: Path, inpainter: Inpainter, kind: str) -> str:
    """Return a table with a row for each mask, and write the sheet."""
    figures: dict[tuple[int, str], list[tuple[float, float]]] = {}
    rows = []
    for place in read_places()[:PHOTOS]:
        scene = _build_scene(photos, place, kind)
        cells = [scene.photo]
        for missing, name, grow in _list_masks(compute_default_growth(scene.depth.shape)):
            filled = scene.remove(inpainter, missing, grow)
            figures.setdefault((missing, name), []).append(scene.measure_ring(filled))
            cells.append(filled)
        print(f"{place.name} {kind} {inpainter.name}", flush=True)
        rows.append(_draw_row(scene, cells))
    write_rgb(SHEETS / f"small-masks-{kind}-{inpainter.name}.png", np.concatenate(rows))
    lines = [
        f"| {inpainter.name}, {kind}: px too small | mask | ring | object |",
        "|---|---|---|---|",
    ]
    for (missing, name), both in figures.items():
        rings, shares = zip(*both, strict=True)
        lines.append(
            f"| {missing} | {name} | {np.mean(rings):.1f}, {max(rings):.1f} "
            f"| {np.mean(shares):.1%}, {max(shares):.1%} |"
        )
    return "\n".join(lines)


def _list_masks(growth: int) -> Iterator[tuple[int, str, int]]:
    """Yield each mask as the pixels that it is too small, its name, and by what it grows."""
    for name, grow in (("as marked", 0), ("grown", growth)):
        for missing in MISSING:
            yield missing, name, grow
    yield 0, "generous", growth + GENEROUS


def _measure_grounds(inpainter: Inpainter) -> str:
    """Return a table with the difference inside a disc on flat grounds."""
    lines = [
        f"| {inpainter.name}: px too small | inside, as marked | inside, grown |",
        "|---|---|---|",
    ]
    for missing in MISSING:
        cells = []
        for grow in (0, compute_default_growth((FLAT_SIDE, FLAT_SIDE))):
            worst = 0.0
            for scene in _build_grounds():
                inside = scene.depth > GENEROUS
                filled = scene.remove(inpainter, missing, grow)
                shift = filled[inside].mean(axis=0) - scene.truth.mean(axis=(0, 1))
                worst = max(worst, float(np.abs(shift).max()))
            cells.append(f"{worst:.2f}")
        lines.append(f"| {missing} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _build_scene(photos: Path, place: Place, kind: str) -> Scene:
    """Draw a disc or an outline into the photo of a place, in the middle of its hole."""
    truth = to_rgb(decode(photos / place.photo))
    hole = place.build_hole(photos, truth.shape[:2])
    y, x = (int(np.median(axis)) * SUPERSAMPLING for axis in np.nonzero(hole))
    pixels = truth.shape[0] * truth.shape[1] * SHARE * SUPERSAMPLING**2
    if kind == "disc":
        return Scene.draw(
            truth, _draw_disc(truth.shape[:2], (x, y), round(np.sqrt(pixels / np.pi)))
        )
    outline = find_largest_part(~read_hole(photos / OUTLINES[place.seed % len(OUTLINES)]))
    whole = np.zeros((truth.shape[0] * SUPERSAMPLING, truth.shape[1] * SUPERSAMPLING), np.bool_)
    cut = resize_shape(outline, pixels, (whole.shape[0] / 2, whole.shape[1] / 2))
    top = min(max(y - cut.shape[0] // 2, 0), whole.shape[0] - cut.shape[0])
    left = min(max(x - cut.shape[1] // 2, 0), whole.shape[1] - cut.shape[1])
    whole[top : top + cut.shape[0], left : left + cut.shape[1]] = cut
    return Scene.draw(truth, whole)


def _build_grounds() -> Iterator[Scene]:
    """Yield discs on flat grounds with noise."""
    for seed, ground in enumerate(GROUNDS):
        noise = np.random.default_rng(seed).normal(0, NOISE, (FLAT_SIDE, FLAT_SIDE, 3))
        truth = np.clip(np.rint(np.array(ground) + noise), 0, 255).astype(np.uint8)
        middle = FLAT_SIDE * SUPERSAMPLING // 2
        yield Scene.draw(truth, _draw_disc(truth.shape[:2], (middle, middle), middle // 2))


def _draw_disc(shape: tuple[int, ...], middle: tuple[int, int], radius: int) -> Hole:
    disc = np.zeros((shape[0] * SUPERSAMPLING, shape[1] * SUPERSAMPLING), np.uint8)
    return np.asarray(cv2.circle(disc, middle, radius, 1, cv2.FILLED) > 0)


def _draw_row(scene: Scene, cells: list[Rgb]) -> Rgb:
    """Return a row of the sheet: each picture around the object, at full scale."""
    y, x = (int(axis.mean()) for axis in np.nonzero(scene.depth))
    top, left = (
        min(max(middle - CELL // 2, 0), length - CELL)
        for middle, length in zip((y, x), scene.depth.shape, strict=True)
    )
    line = [
        np.pad(
            cell[top : top + CELL, left : left + CELL],
            ((GAP, 0), (GAP, 0), (0, 0)),
            constant_values=PAPER[0],
        )
        for cell in cells
    ]
    return np.concatenate(line, axis=1)
