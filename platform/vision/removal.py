"""The one function that makes something vanish: regions -> crop -> inpainter -> patch."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision import masks
from vision.errors import InpainterFailed
from vision.images import Picture
from vision.images.depth import to_8_bits, to_16_bits
from vision.inpainters.base import Inpainter
from vision.masks import Mask
from vision.patches import Patch
from vision.progress import Checkpoint, part_of, unwatched
from vision.regions import Region, regions


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
    alpha = masks.feather(hole, feather)
    report(0.0)
    crops = regions(hole)
    total = sum(crop.width * crop.height for crop in crops)
    patches, done = [], 0
    for crop in crops:
        share = crop.width * crop.height
        part = part_of(report, done / total, (done + share) / total)
        filled = _filled(picture, hole, crop, inpainter, part)
        patches.append(_patch(filled, hole, alpha, crop))
        done += share
        report(done / total)
    return patches


def _grown(mask: Mask, pixels: int, shape: tuple[int, int]) -> Mask:
    """The mask grown by `pixels`, checked before and after."""
    masks.check(mask, shape)
    hole = masks.grow(mask, pixels)
    masks.check(hole, shape)
    return hole


def _filled(
    picture: Picture, hole: Mask, region: Region, inpainter: Inpainter, checkpoint: Checkpoint
) -> NDArray[Any]:
    """The region's part of the canvas with its holes filled; outside them anything may stand."""
    crop = picture.pixels[region.slices]
    crop_hole = np.ascontiguousarray(hole[region.slices])
    rgb = _to_rgb(crop, picture.mode)
    filled = inpainter.fill(rgb, crop_hole, checkpoint=checkpoint)
    if filled.shape != rgb.shape or filled.dtype != np.uint8:
        raise InpainterFailed(
            f"The inpainter {inpainter.name} gave {filled.shape} {filled.dtype} "
            f"for a crop of {rgb.shape}.",
            code="inpainter_wrong_result",
            user_can_mend=False,
        )
    pixels = _from_rgb(filled, crop, picture.mode)
    if picture.mode in ("LA", "RGBA"):
        _carry_on_transparency(pixels[:, :, -1], crop_hole)
    return pixels


def _patch(filled: NDArray[Any], hole: Mask, alpha: NDArray[np.uint8], region: Region) -> Patch:
    """The part of the filled region that its holes' bounding box cuts out."""
    left, top, width, height = cv2.boundingRect(hole[region.slices])
    tight = (slice(top, top + height), slice(left, left + width))
    return Patch(
        x=region.x + left,
        y=region.y + top,
        pixels=filled[tight].copy(),
        alpha=alpha[region.slices][tight].copy(),
    )


def _to_rgb(crop: NDArray[Any], mode: str) -> NDArray[np.uint8]:
    """The colours of a crop of the canvas as [H,W,3] uint8, contiguous and writeable."""
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
