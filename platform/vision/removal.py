"""The removal of what a mask marks: regions -> crop -> inpainter -> finishing -> patch."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from vision import masks
from vision.copy_areas import EVERYWHERE, CopyAreas
from vision.finishing import MARGIN, finish_deep_fill, finish_fill
from vision.images import Picture
from vision.images.depth import from_levels, to_8_bits, to_levels
from vision.inpainters.base import FillOptions, Inpainter, SelectiveInpainter
from vision.inpainters.variants import check_variant, fill_with
from vision.masks import Mask
from vision.parallel import run_parallel
from vision.patches import Patch
from vision.progress import Checkpoint, ignore_progress
from vision.regions import TIGHT_SHARE, Region, find_regions
from vision.remains import find_remains

LARGEST_PARALLEL_CROP = 4_000_000
"""Pixels; a larger crop is filled alone, to limit memory."""
MOST_THOROUGH = 2
"""Regions; more of them are filled quickly, each once and from a tighter crop."""


def remove(
    picture: Picture,
    mask: Mask,
    inpainter: Inpainter,
    *,
    grow: int = 0,
    feather: int = 0,
    areas: CopyAreas = EVERYWHERE,
    variant: int = 0,
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
        areas: where the inpainter may copy from.
        variant: 0 for the best result, 1 for the next one; see `vision.inpainters.variants`.
        checkpoint: called with the share done, 0..1; an exception that it raises ends the work.

    Raises MaskRejected (also if the mask covers everything only after it has grown, or if `areas`
    leave nothing to copy from), InpainterFailed, and whatever `checkpoint` raises.
    """
    report = checkpoint or ignore_progress
    check_variant(inpainter, variant)
    hole = _grow_mask(mask, grow, (picture.height, picture.width))
    avoid = areas.find_avoided(hole)
    report(0.0)
    regions = find_regions(hole, include=areas.source)
    quick = len(regions) > MOST_THOROUGH and isinstance(inpainter, SelectiveInpainter)
    if quick:
        regions = find_regions(hole, include=areas.source, context_share=TIGHT_SHARE)
    sites = [_Site.from_region(picture, hole, avoid, region) for region in regions]
    largest = max(site.hole.size for site in sites)
    filler = _Filler(inpainter, variant, quick=quick)
    return run_parallel(
        [partial(_fill_region, site, filler, feather) for site in sites],
        max_workers=inpainter.max_parallel_regions if largest <= LARGEST_PARALLEL_CROP else 1,
        checkpoint=report,
    )


@dataclass(frozen=True)
class _Filler:
    """The inpainter and how it is used; see `FillOptions`."""

    inpainter: Inpainter
    variant: int
    quick: bool


@dataclass(frozen=True, eq=False)
class _Site:
    """A region that is being filled.

    Attributes:
        mode: the mode of the canvas.
        region: the crop, with its context.
        crop, hole: the crop's pixels of the canvas and of the grown mask.
        avoid: [H,W] bool of the crop, what must not be copied; None: everything may be.
        around: rows and columns of the crop: the region's own holes and what finishing reads.
        tight: rows and columns of `around`: the bounding box of the region's own holes.
        own: [H,W] of `around`, 255 where the region's own holes are.
    """

    mode: str
    region: Region
    crop: NDArray[Any]
    hole: Mask
    avoid: NDArray[np.bool_] | None
    around: tuple[slice, slice]
    tight: tuple[slice, slice]
    own: Mask

    @classmethod
    def from_region(
        cls, picture: Picture, hole: Mask, avoid: NDArray[np.bool_] | None, region: Region
    ) -> Self:
        """Cut what `region` needs out of `picture`, the grown mask `hole` and `avoid`."""
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
        avoided = None if avoid is None else avoid[region.slices]
        return cls(picture.mode, region, crop, part, avoided, around, tight, own[around].copy())


def _grow_mask(mask: Mask, pixels: int, shape: tuple[int, int]) -> Mask:
    """Return the mask grown by `pixels`, or itself if that is 0; check it before and after."""
    masks.check(mask, shape)
    if not pixels:
        return mask
    hole = masks.grow(mask, pixels)
    masks.check(hole, shape)
    return hole


def _fill_region(site: _Site, filler: _Filler, feather: int, checkpoint: Checkpoint) -> Patch:
    """Return the finished patch of one region."""
    rgb = _to_rgb(site.crop, site.mode)
    visible = _find_visible(site)
    remains = find_remains(rgb[site.around], site.own, visible)
    fill = _run_inpainter(site, rgb, remains, filler, checkpoint)
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
    filler: _Filler,
    checkpoint: Checkpoint,
) -> NDArray[np.uint8]:
    """Return the part `around` of the crop `rgb` with its own holes filled."""
    own = np.zeros_like(site.hole)
    own[site.around] = site.own
    hidden = (site.hole != 0) & (own == 0)
    # Remains beside the holes are holes too, so that nothing is copied from them.
    own[site.around][remains] = 255
    options = FillOptions(hidden, site.avoid, filler.variant, filler.quick)
    fill = fill_with(filler.inpainter, rgb, own, options, checkpoint)
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
