"""The removal of what a mask marks: regions -> crop -> inpainter -> finishing -> patch."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from vision import masks
from vision.errors import InpainterFailed
from vision.finishing import MARGIN, finish_deep_fill, finish_fill
from vision.images import Picture
from vision.images.depth import from_levels, to_8_bits, to_levels
from vision.inpainters.base import Inpainter
from vision.masks import Mask
from vision.parallel import run_parallel
from vision.patches import Patch
from vision.progress import Checkpoint, ignore_progress
from vision.regions import Region, find_regions
from vision.remains import find_remains

LARGEST_PARALLEL_CROP = 4_000_000
"""Pixels; a larger crop is filled alone, to limit memory."""


def remove(
    picture: Picture,
    mask: Mask,
    inpainter: Inpainter,
    *,
    grow: int = 0,
    feather: int = 0,
    checkpoint: Checkpoint | None = None,
) -> list[Patch]:
    """Return the patches that remove what `mask` marks from `picture`, one for each region.

    Args:
        picture: any mode and depth. Its alpha channel stays, except where all pixels around the
            holes of a region have the same alpha: then the holes get it too.
        mask: [H,W] uint8 of the picture's size, 255 = remove, 0 = keep.
        inpainter: fills the holes, in 8-bit RGB.
        grow: pixels by which the mask grows first. No pixel outside the grown mask changes.
        feather: pixels over which a patch fades in, from the grown mask's edge inward.
        checkpoint: called with the share done, 0..1; an exception that it raises ends the work.

    Raises MaskRejected (also if the mask covers everything only after it has grown),
    InpainterFailed, and whatever `checkpoint` raises.
    """
    report = checkpoint or ignore_progress
    hole = _grow_mask(mask, grow, (picture.height, picture.width))
    report(0.0)
    sites = [_Site.from_region(picture, hole, crop) for crop in find_regions(hole)]
    largest = max(site.hole.size for site in sites)
    return run_parallel(
        [partial(_fill_region, site, inpainter, feather) for site in sites],
        max_workers=inpainter.max_parallel_regions if largest <= LARGEST_PARALLEL_CROP else 1,
        checkpoint=report,
    )


@dataclass(frozen=True, eq=False)
class _Site:
    """A region that is being filled.

    Attributes:
        mode: the mode of the canvas.
        region: the crop, with its context.
        crop, hole: the crop's pixels of the canvas and of the grown mask.
        around: rows and columns of the crop: the region's own holes and what finishing reads.
        tight: rows and columns of `around`: the bounding box of the region's own holes.
        own: [H,W] of `around`, 255 where the region's own holes are.
    """

    mode: str
    region: Region
    crop: NDArray[Any]
    hole: Mask
    around: tuple[slice, slice]
    tight: tuple[slice, slice]
    own: Mask

    @classmethod
    def from_region(cls, picture: Picture, hole: Mask, region: Region) -> Self:
        """Cut what `region` needs out of `picture` and the grown mask `hole`."""
        own = region.select_holes(hole)
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


def _grow_mask(mask: Mask, pixels: int, shape: tuple[int, int]) -> Mask:
    """Return the mask grown by `pixels`, or itself if that is 0; check it before and after."""
    masks.check(mask, shape)
    if not pixels:
        return mask
    hole = masks.grow(mask, pixels)
    masks.check(hole, shape)
    return hole


def _fill_region(site: _Site, inpainter: Inpainter, feather: int, checkpoint: Checkpoint) -> Patch:
    """Return the finished patch of one region."""
    rgb = _to_rgb(site.crop, site.mode)
    visible = _find_visible(site)
    remains = find_remains(rgb[site.around], site.own, visible)
    fill = _run_inpainter(site, rgb, remains, inpainter, checkpoint)
    shown = visible & ~remains
    if site.crop.dtype == np.uint16:
        deep = to_levels(_select_colours(site.crop[site.around], site.mode))
        finished = finish_deep_fill(deep, fill, site.own, shown)
    else:
        finished = finish_fill(rgb[site.around], fill, site.own, shown)
    patch = _build_patch(site, finished, feather)
    checkpoint(1.0)
    return patch


def _run_inpainter(
    site: _Site,
    rgb: NDArray[np.uint8],
    remains: NDArray[np.bool_],
    inpainter: Inpainter,
    checkpoint: Checkpoint,
) -> NDArray[np.uint8]:
    """Return the part `around` of the crop `rgb` with its own holes filled."""
    # Holes of other regions and remains are holes here too, so that nothing is copied from them.
    hole = site.hole
    if remains.any():
        hole = hole.copy()
        hole[site.around][remains] = 255
    fill = inpainter.fill(rgb, np.ascontiguousarray(hole), checkpoint=checkpoint)
    if fill.shape != rgb.shape or fill.dtype != np.uint8:
        raise InpainterFailed(
            f"The inpainter {inpainter.name} returned {fill.shape} {fill.dtype} "
            f"for a crop of {rgb.shape}.",
            code="inpainter_wrong_result",
            user_can_fix=False,
        )
    after = cv2.copyTo(np.ascontiguousarray(fill[site.around]), site.own, rgb[site.around].copy())
    return np.asarray(after, np.uint8)


def _find_visible(site: _Site) -> NDArray[np.bool_]:
    """Return where the part `around` shows a colour: outside all holes and not transparent."""
    visible: NDArray[np.bool_] = site.hole[site.around] == 0
    if site.mode in ("LA", "RGBA"):
        visible &= site.crop[site.around][:, :, -1] > 0
    return visible


def _build_patch(site: _Site, rgb: NDArray[Any], feather: int) -> Patch:
    """Return a patch of the finished colours in the canvas's format, cut to the bounding box."""
    pixels = _from_rgb(rgb, site.crop[site.around], site.mode)
    if site.mode in ("LA", "RGBA"):
        _extend_transparency(pixels[:, :, -1], site.own)
    rows, columns = site.around
    return Patch(
        x=site.region.x + columns.start + site.tight[1].start,
        y=site.region.y + rows.start + site.tight[0].start,
        pixels=pixels[site.tight].copy(),
        alpha=masks.feather(site.own, feather)[site.tight].copy(),
    )


def _to_rgb(crop: NDArray[Any], mode: str) -> NDArray[np.uint8]:
    """Return the colours of a crop of the canvas, contiguous [H,W,3] uint8; never write to it."""
    if mode == "RGB" and crop.dtype == np.uint8:
        return np.ascontiguousarray(crop)
    return np.ascontiguousarray(to_8_bits(_select_colours(crop, mode)))


def _select_colours(crop: NDArray[Any], mode: str) -> NDArray[Any]:
    """Return the colours of a crop of the canvas, [H,W,3] of its depth; grey is repeated."""
    return crop[:, :, [0, 0, 0] if mode in ("L", "LA") else [0, 1, 2]]


def _from_rgb(fill: NDArray[Any], crop: NDArray[Any], mode: str) -> NDArray[Any]:
    """Return the colours of `fill` in the canvas's channels and depth, with the alpha of `crop`."""
    colours = fill.mean(axis=2, keepdims=True) if mode in ("L", "LA") else fill
    pixels = crop.copy()
    pixels[:, :, : colours.shape[2]] = from_levels(colours, crop.dtype)
    return pixels


def _extend_transparency(transparency: NDArray[Any], hole: Mask) -> None:
    """Give the holes the alpha of the pixels around them, if these all have the same alpha."""
    ring = transparency[(cv2.dilate(hole, np.ones((3, 3), np.uint8)) > 0) & (hole == 0)]
    if ring.size and (ring == ring[0]).all():
        transparency[hole != 0] = ring[0]
