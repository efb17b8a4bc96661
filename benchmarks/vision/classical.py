"""Fills of the cases by classical methods; runs in .venv-bench, which has opencv-contrib.

`python -m benchmarks.vision.classical CASE...` writes METHOD.png, and METHOD.json with the seconds.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.vision.files import (
    CASES,
    Hole,
    Rgb,
    read_hole,
    read_rgb,
    write_facts,
    write_rgb,
)

RADIUS = 5
"""Radius in pixels that Telea and Navier-Stokes read; OpenCV's examples use 3 to 5."""
LARGEST_BIHARMONIC_HOLE = 100_000
"""In pixels; a larger hole takes minutes and gigabytes."""


def fill_telea(picture: Rgb, hole: Hole) -> Rgb:
    """Fill as in Telea, An Image Inpainting Technique Based on the Fast Marching Method, 2004."""
    return cv2.inpaint(picture, hole.astype(np.uint8), RADIUS, cv2.INPAINT_TELEA)  # type: ignore[return-value]


def fill_navier_stokes(picture: Rgb, hole: Hole) -> Rgb:
    """Fill as in Bertalmio, Bertozzi, Sapiro, CVPR 2001."""
    return cv2.inpaint(picture, hole.astype(np.uint8), RADIUS, cv2.INPAINT_NS)  # type: ignore[return-value]


def fill_shiftmap(picture: Rgb, hole: Hole) -> Rgb:
    """Fill in CIE Lab as in He, Sun, Statistics of Patch Offsets for Image Completion, 2012."""
    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)
    known = np.where(hole, 0, 255).astype(np.uint8)
    result = np.zeros_like(lab)
    xphoto = cv2.xphoto  # type: ignore[attr-defined]
    xphoto.inpaint(lab, known, result, xphoto.INPAINT_SHIFTMAP)
    return cv2.cvtColor(result, cv2.COLOR_LAB2RGB)  # type: ignore[return-value]


def fill_biharmonic(picture: Rgb, hole: Hole) -> Rgb:
    """Fill as in Damelin, Hoang, On Surface Completion [...] by Biharmonic Functions, 2018."""
    from skimage.restoration import inpaint_biharmonic

    filled: NDArray[np.float64] = inpaint_biharmonic(picture, hole, channel_axis=2)
    return np.clip(np.rint(filled * 255), 0, 255).astype(np.uint8)


METHODS: dict[str, Callable[[Rgb, Hole], Rgb]] = {
    "telea": fill_telea,
    "navier-stokes": fill_navier_stokes,
    "shiftmap": fill_shiftmap,
    "biharmonic": fill_biharmonic,
}


def fill(case: Path) -> None:
    """Fill one case with every method, unless its file exists: these fills never change."""
    picture, hole = read_rgb(case / "before.png"), read_hole(case / "mask.png")
    blank = picture.copy()
    blank[hole] = 0
    for name, method in METHODS.items():
        if (case / f"{name}.png").exists():
            continue
        if name == "biharmonic" and np.count_nonzero(hole) > LARGEST_BIHARMONIC_HOLE:
            continue
        start = time.perf_counter()
        filled = method(blank, hole)
        seconds = time.perf_counter() - start
        write_rgb(case / f"{name}.png", np.where(hole[:, :, np.newaxis], filled, picture))
        write_facts(case / f"{name}.json", {"seconds": seconds})
        print(f"{case.name} {name} {seconds:.1f} s", flush=True)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        fill(CASES / name)
