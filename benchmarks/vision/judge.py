"""Judges the fills of cases with a truth; runs in .venv-bench, for FLIP.

`python -m benchmarks.vision.judge CASE...` adds the figures to each METHOD.json.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from benchmarks.vision import metrics
from benchmarks.vision.files import (
    CASES,
    Hole,
    Rgb,
    read_facts,
    read_hole,
    read_rgb,
    write_facts,
)

MARGIN = 8
"""Pixels around the hole's box that are looked at with it."""


def ssim(truth: Rgb, fill: Rgb) -> float:
    """Structural similarity as in Wang et al., TIP 2004, mean over the channels: scikit-image's."""
    from skimage.metrics import structural_similarity

    return float(
        structural_similarity(  # type: ignore[no-untyped-call]
            truth,
            fill,
            channel_axis=2,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
            data_range=255,
        )
    )


def flip(truth: Rgb, fill: Rgb) -> float:
    """Mean of FLIP's map, 67 px a degree. Andersson et al., HPG 2020: NVIDIA's own code."""
    import flip_evaluator  # type: ignore[import-not-found]

    one, other = (picture.astype(np.float32) / 255 for picture in (truth, fill))
    return float(flip_evaluator.evaluate(one, other, "LDR", applyMagma=False)[1])


JUDGES: dict[str, Callable[[Rgb, Rgb, Hole], float]] = {
    "psnr": lambda truth, fill, _hole: metrics.psnr(truth, fill),
    "ssim": lambda truth, fill, _hole: ssim(truth, fill),
    "gmsd": lambda truth, fill, _hole: metrics.gmsd(truth, fill),
    "flip": lambda truth, fill, _hole: flip(truth, fill),
    "seam": metrics.seam,
    "sharpness": metrics.sharpness,
}


def judge(case: Path) -> None:
    """Every fill of one case."""
    hole = read_hole(case / "mask.png")
    box = _box(hole)
    truth = read_rgb(case / "before.png")[box]
    for facts_path in case.glob("*.json"):
        facts = read_facts(facts_path)
        if "psnr" in facts:
            continue
        fill = read_rgb(facts_path.with_suffix(".png"))[box]
        figures = {name: look(truth, fill, hole[box]) for name, look in JUDGES.items()}
        write_facts(facts_path, facts | figures)


def _box(hole: Hole) -> tuple[slice, slice]:
    x, y, width, height = cv2.boundingRect(hole.astype(np.uint8))
    top, left = max(y - MARGIN, 0), max(x - MARGIN, 0)
    return slice(top, y + height + MARGIN), slice(left, x + width + MARGIN)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        judge(CASES / name)
