"""The one function that makes something vanish: regions -> crop -> inpainter -> patch."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from vision import masks
from vision.at_once import done_at_once
from vision.errors import InpainterFailed
from vision.finishing import MARGIN, finished
from vision.images import Picture
from vision.images.depth import to_8_bits, to_16_bits
from vision.inpainters.base import Inpainter
from vision.masks import Mask
from vision.patches import Patch
from vision.progress import Checkpoint, unwatched
from vision.regions import Region, regions

LARGEST_AT_ONCE = 4_000_000
"""Pixels; beside a larger crop no other one is worked on, for the sake of memory."""


def remove(
    picture: Picture,
    mask: Mask,
    inpainter: Inpainter,
    *,
    grow: int = 0,
    feather: int = 0,
    checkpoint: Checkpoint | None = None,
) -> list[Patch]:
    """The patches that make what `mask` marks vanish from `picture`, one for each region.

    Args:
        picture: any mode and depth. Its alpha channel stays, except where everything around the
            holes of a region is equally transparent: then the holes are too.
        mask: [H,W] uint8 of the picture's size, 255 = remove, 0 = keep.
        inpainter: fills the holes, in 8-bit RGB.
        grow: pixels by which the mask grows first. No pixel outside the grown mask is touched.
        feather: pixels over which a patch fades in from the grown mask's rim, inward.
        checkpoint: called with the share done; what it raises ends the work.

    Raises MaskRejected (also if the mask covers everything only once it has grown),
    InpainterFailed, and whatever `checkpoint` raises.
    """
    report = checkpoint or unwatched
    hole = _grown(mask, grow, (picture.height, picture.width))
    report(0.0)
    sites = [_Site.of(picture, hole, crop) for crop in regions(hole)]
    largest = max(site.hole.size for site in sites)
    return done_at_once(
        [partial(_removed, site, inpainter, feather) for site in sites],
        most=inpainter.at_once if largest <= LARGEST_AT_ONCE else 1,
        checkpoint=report,
    )


@dataclass(frozen=True, eq=False)
class _Site:
    """A region at work.

    Attributes:
        mode: the canvas's.
        region: the crop, with its context.
        crop, hole: its pixels of the canvas and of the grown mask.
        around: rows and columns of the crop: its own holes and what finishing looks at.
        tight: rows and columns of `around`: its own holes' bounding box.
        own: of `around`, 255 where its own holes are.
    """

    mode: str
    region: Region
    crop: NDArray[Any]
    hole: Mask
    around: tuple[slice, slice]
    tight: tuple[slice, slice]
    own: Mask

    @classmethod
    def of(cls, picture: Picture, hole: Mask, region: Region) -> Self:
        own = region.holes(hole)
        left, top, width, height = cv2.boundingRect(own)
        above, beside = max(top - MARGIN, 0), max(left - MARGIN, 0)
        around = (
            slice(above, min(top + height + MARGIN, region.height)),
            slice(beside, min(left + width + MARGIN, region.width)),
        )
        tight = (
            slice(top - above, top - above + height),
            slice(left - beside, left - beside + width),
        )
        crop = picture.pixels[region.slices]
        part = hole[region.slices]
        return cls(picture.mode, region, crop, part, around, tight, own[around].copy())


def _grown(mask: Mask, pixels: int, shape: tuple[int, int]) -> Mask:
    """The mask grown by `pixels`, checked before and after; the mask itself if it does not grow."""
    masks.check(mask, shape)
    if not pixels:
        return mask
    hole = masks.grow(mask, pixels)
    masks.check(hole, shape)
    return hole


def _removed(site: _Site, inpainter: Inpainter, feather: int, checkpoint: Checkpoint) -> Patch:
    before, after = _filled(site, inpainter, checkpoint)
    patch = _patch(site, finished(before, after, site.own, _known(site)), feather)
    checkpoint(1.0)
    return patch


def _filled(
    site: _Site, inpainter: Inpainter, checkpoint: Checkpoint
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The part `around` of the crop as RGB, before and after; outside its own holes both agree."""
    rgb = _to_rgb(site.crop, site.mode)
    # Other regions' holes are holes here too: nothing is taken from them.
    filled = inpainter.fill(rgb, np.ascontiguousarray(site.hole), checkpoint=checkpoint)
    if filled.shape != rgb.shape or filled.dtype != np.uint8:
        raise InpainterFailed(
            f"The inpainter {inpainter.name} gave {filled.shape} {filled.dtype} "
            f"for a crop of {rgb.shape}.",
            code="inpainter_wrong_result",
            user_can_mend=False,
        )
    before = rgb[site.around].copy()
    after = cv2.copyTo(np.ascontiguousarray(filled[site.around]), site.own, before.copy())
    return before, np.asarray(after, np.uint8)


def _known(site: _Site) -> NDArray[np.bool_]:
    """Where the part `around` shows a colour: outside its own holes, unless it is transparent."""
    known: NDArray[np.bool_] = site.own == 0
    if site.mode in ("LA", "RGBA"):
        known &= site.crop[site.around][:, :, -1] > 0
    return known


def _patch(site: _Site, rgb: NDArray[np.uint8], feather: int) -> Patch:
    """The finished colours in the canvas's own terms, cut to the holes' bounding box."""
    pixels = _from_rgb(rgb, site.crop[site.around], site.mode)
    if site.mode in ("LA", "RGBA"):
        _carry_on_transparency(pixels[:, :, -1], site.own)
    rows, columns = site.around
    return Patch(
        x=site.region.x + columns.start + site.tight[1].start,
        y=site.region.y + rows.start + site.tight[0].start,
        pixels=pixels[site.tight].copy(),
        alpha=masks.feather(site.own, feather)[site.tight].copy(),
    )


def _to_rgb(crop: NDArray[Any], mode: str) -> NDArray[np.uint8]:
    """The colours of a crop of the canvas as [H,W,3] uint8, contiguous; not to be written to."""
    if mode == "RGB" and crop.dtype == np.uint8:
        return np.ascontiguousarray(crop)
    colours = to_8_bits(crop)[:, :, [0, 0, 0] if mode in ("L", "LA") else [0, 1, 2]]
    return np.ascontiguousarray(colours)


def _from_rgb(filled: NDArray[np.uint8], crop: NDArray[Any], mode: str) -> NDArray[Any]:
    """The colours of `filled` in the canvas's channels and depth; its alpha as in `crop`."""
    colours = filled
    if mode in ("L", "LA"):
        colours = np.rint(filled.mean(axis=2, keepdims=True)).astype(np.uint8)
    pixels = crop.copy()
    pixels[:, :, : colours.shape[2]] = to_16_bits(colours) if crop.dtype == np.uint16 else colours
    return pixels


def _carry_on_transparency(transparency: NDArray[Any], hole: Mask) -> None:
    """Gives the holes the alpha that is found all around them, if it is the same everywhere."""
    ring = transparency[(cv2.dilate(hole, np.ones((3, 3), np.uint8)) > 0) & (hole == 0)]
    if ring.size and (ring == ring[0]).all():
        transparency[hole != 0] = ring[0]
