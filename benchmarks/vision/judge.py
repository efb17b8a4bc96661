"""Judges fills of cases with a ground truth; runs in .venv-bench, which has FLIP.

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
"""Pixels around the hole's box that are compared with it."""


def compute_ssim(truth: Rgb, fill: Rgb) -> float:
    """Return the structural similarity (Wang et al., TIP 2004), the mean of the channels."""
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


def compute_flip(truth: Rgb, fill: Rgb) -> float:
    """Return the mean of FLIP's map at 67 px a degree (Andersson et al., HPG 2020)."""
    import flip_evaluator  # type: ignore[import-not-found]

    one, other = (picture.astype(np.float32) / 255 for picture in (truth, fill))
    return float(flip_evaluator.evaluate(one, other, "LDR", applyMagma=False)[1])


JUDGES: dict[str, Callable[[Rgb, Rgb, Hole], float]] = {
    "psnr": lambda truth, fill, _hole: metrics.compute_psnr(truth, fill),
    "ssim": lambda truth, fill, _hole: compute_ssim(truth, fill),
    "gmsd": lambda truth, fill, _hole: metrics.compute_gmsd(truth, fill),
    "flip": lambda truth, fill, _hole: compute_flip(truth, fill),
    "seam": metrics.measure_seam,
    "sharpness": metrics.measure_sharpness,
}


def judge(case: Path) -> None:
    """Judge every fill of one case that has no figures yet."""
    hole = read_hole(case / "mask.png")
    box = _find_box(hole)
    truth = read_rgb(case / "before.png")[box]
    for facts_path in case.glob("*.json"):
        facts = read_facts(facts_path)
        if "psnr" in facts:
            continue
        fill = read_rgb(facts_path.with_suffix(".png"))[box]
        figures = {name: compute(truth, fill, hole[box]) for name, compute in JUDGES.items()}
        write_facts(facts_path, facts | figures)


def _find_box(hole: Hole) -> tuple[slice, slice]:
    x, y, width, height = cv2.boundingRect(hole.astype(np.uint8))
    top, left = max(y - MARGIN, 0), max(x - MARGIN, 0)
    return slice(top, y + height + MARGIN), slice(left, x + width + MARGIN)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        judge(CASES / name)
