"""Our own fills of the cases: `removal.remove` on whole photos, with each inpainter there is."""

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
"""What the classical methods see around the hole on each side: of its box's longer side."""


def prepare(case: Path, picture: Picture, hole: Hole) -> tuple[slice, slice]:
    """Writes the case's before.png and mask.png: the hole and what is around; gives the crop."""
    rows, columns = np.flatnonzero(hole.any(axis=1)), np.flatnonzero(hole.any(axis=0))
    top, bottom, left, right = (int(line) for line in (*rows[[0, -1]], *columns[[0, -1]]))
    context = max(round(max(bottom - top, right - left) * CONTEXT_SHARE), MIN_CONTEXT)
    crop = (
        slice(max(top - context, 0), bottom + context + 1),
        slice(max(left - context, 0), right + context + 1),
    )
    if not _is_there(case, hole[crop]):
        shutil.rmtree(case, ignore_errors=True)
        write_rgb(case / "before.png", rgb(picture)[crop])
        write_hole(case / "mask.png", hole[crop])
    return crop


def rgb(picture: Picture) -> Rgb:
    """The photo's colours, [H,W,3]; grey ones three times."""
    colours = (
        picture.pixels[:, :, :3] if picture.mode.startswith("RGB") else picture.pixels[:, :, :1]
    )
    return np.ascontiguousarray(np.broadcast_to(colours, (*colours.shape[:2], 3)))


def _is_there(case: Path, hole: Hole) -> bool:
    """Whether the folder's case still is this one, so that what does not change may stay."""
    mask = case / "mask.png"
    return mask.exists() and np.array_equal(read_hole(mask), hole)


def fill(case: Path, picture: Picture, hole: Hole) -> None:
    """The crop of what each available inpainter makes of the whole photo, and its seconds."""
    crop = prepare(case, picture, hole)
    store = ModelStore.from_environment()
    mask = np.where(hole, np.uint8(255), np.uint8(0))
    for info in list_inpainters(store):
        if not info.available:
            continue
        inpainter = load_inpainter(info.name, store)
        start = time.perf_counter()
        made = removal.remove(picture, mask, inpainter)
        seconds = time.perf_counter() - start
        result = picture.with_pixels(patches.apply(picture.pixels, made))
        write_rgb(case / f"{info.name}.png", rgb(result)[crop])
        write_facts(case / f"{info.name}.json", {"seconds": seconds})
        print(f"{case.name} {info.name} {seconds:.1f} s", flush=True)
