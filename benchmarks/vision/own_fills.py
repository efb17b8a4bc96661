"""Our own fills of the cases: `removal.remove` on whole photos, with each available inpainter."""

import shutil
import time
from pathlib import Path

import numpy as np

from benchmarks.vision.files import Hole, Rgb, read_hole, write_facts, write_hole, write_rgb
from vision import patches, removal
from vision.images import Picture
from vision.inpainters.registry import list_inpainters, load_inpainter
from vision.weights import ModelStore

CONTEXT_SHARE = 0.75
MIN_CONTEXT = 128
"""The context of the hole on each side for the classical methods, at least in pixels.

CONTEXT_SHARE is a share of the longer side of the hole's box.
"""


def prepare(case: Path, picture: Picture, hole: Hole) -> tuple[slice, slice]:
    """Write the case's before.png and mask.png, the hole with its context; return the crop."""
    rows, columns = np.flatnonzero(hole.any(axis=1)), np.flatnonzero(hole.any(axis=0))
    top, bottom, left, right = (int(line) for line in (*rows[[0, -1]], *columns[[0, -1]]))
    context = max(round(max(bottom - top, right - left) * CONTEXT_SHARE), MIN_CONTEXT)
    crop = (
        slice(max(top - context, 0), bottom + context + 1),
        slice(max(left - context, 0), right + context + 1),
    )
    if not _has_case(case, hole[crop]):
        shutil.rmtree(case, ignore_errors=True)
        write_rgb(case / "before.png", to_rgb(picture)[crop])
        write_hole(case / "mask.png", hole[crop])
    return crop


def to_rgb(picture: Picture) -> Rgb:
    """Return the photo's colours as [H,W,3]; grey levels are repeated."""
    colours = (
        picture.pixels[:, :, :3] if picture.mode.startswith("RGB") else picture.pixels[:, :, :1]
    )
    return np.ascontiguousarray(np.broadcast_to(colours, (*colours.shape[:2], 3)))


def _has_case(case: Path, hole: Hole) -> bool:
    """Return whether the folder already has this case, so that its fills can be kept."""
    mask = case / "mask.png"
    return mask.exists() and np.array_equal(read_hole(mask), hole)


def fill(case: Path, picture: Picture, hole: Hole) -> None:
    """Fill the photo with each available inpainter; write the crop of the result and the time."""
    crop = prepare(case, picture, hole)
    store = ModelStore.from_environment()
    mask = np.where(hole, np.uint8(255), np.uint8(0))
    for info in list_inpainters(store):
        if not info.available:
            continue
        inpainter = load_inpainter(info.name, store)
        start = time.perf_counter()
        result_patches = removal.remove(picture, mask, inpainter)
        seconds = time.perf_counter() - start
        result = picture.with_pixels(patches.apply(picture.pixels, result_patches))
        write_rgb(case / f"{info.name}.png", to_rgb(result)[crop])
        write_facts(case / f"{info.name}.json", {"seconds": seconds})
        print(f"{case.name} {info.name} {seconds:.1f} s", flush=True)
