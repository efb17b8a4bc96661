"""Metrics of a fill: its difference from the true pixels, its seam and its sharpness.

All take [H,W,3] uint8 RGB of the same size: the hole's box and a few pixels around it.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.vision.files import Hole, Rgb

GMSD_STABILITY = 170.0
"""The paper's constant for 0..255."""
BAND = 4
"""Pixels on either side of the edge whose steps are compared with those across the edge."""
COARSE = 4
_LEAST_STEP = 1.0

_Grey = NDArray[np.float32]


def compute_psnr(truth: Rgb, fill: Rgb) -> float:
    """Return the peak signal-to-noise ratio in dB; infinite for equal pictures."""
    error = np.mean((truth.astype(np.float64) - fill) ** 2)
    return float("inf") if error == 0 else float(10 * np.log10(255**2 / error))


def compute_gmsd(truth: Rgb, fill: Rgb) -> float:
    """Return the gradient magnitude similarity deviation; 0 for equal pictures, higher is worse.

    Xue, Zhang, Mou, Bovik: Gradient Magnitude Similarity Deviation, TIP 2014, arXiv 1308.3052.
    """
    one, other = (_compute_gradient(_halve(_to_grey(picture))) for picture in (truth, fill))
    similarity = (2 * one * other + GMSD_STABILITY) / (one**2 + other**2 + GMSD_STABILITY)
    return float(similarity.std())


def measure_seam(truth: Rgb, fill: Rgb, hole: Hole) -> float:
    """Return the seam energy: the excess of steps at the hole's edge; 0 is seamless.

    A step is the absolute difference of two neighbours. The excess is the mean step across the edge
    minus the mean step within `BAND` px of it, half inside and half outside. The seam energy is the
    fill's excess minus the truth's, as a share of the truth's own steps there (at least 1 grey
    level). It is the mean of two scales: full size, and a quarter, where brightness shifts show.
    """
    energies = []
    for factor in (1, COARSE):
        small = _shrink(hole.astype(np.float32), factor) >= 0.5
        true_edge, true_beside = _measure_steps(_shrink(_to_grey(truth), factor), small)
        edge, beside = _measure_steps(_shrink(_to_grey(fill), factor), small)
        excess = (edge - beside) - (true_edge - true_beside)
        energies.append(abs(excess) / max(true_beside, _LEAST_STEP))
    return float(np.mean(energies))


def measure_sharpness(truth: Rgb, fill: Rgb, hole: Hole) -> float:
    """Return the mean squared Laplacian of the fill inside the hole, as a share of the truth's.

    1 is as sharp as the truth; the 2 px next to the edge are not counted.
    """
    inner = cv2.erode(hole.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    one, other = (
        float(np.mean(cv2.Laplacian(_to_grey(picture), cv2.CV_32F)[inner] ** 2))
        for picture in (truth, fill)
    )
    return other / max(one, 1e-6)


def _to_grey(picture: Rgb) -> _Grey:
    return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)


def _halve(grey: _Grey) -> _Grey:
    return cv2.blur(grey, (2, 2))[::2, ::2]  # type: ignore[return-value]


def _compute_gradient(grey: _Grey) -> _Grey:
    """Return the magnitude of Prewitt's gradient, as in the paper."""
    kernel = np.array([[1, 0, -1]] * 3, np.float32) / 3
    across = cv2.filter2D(grey, cv2.CV_32F, kernel)
    down = cv2.filter2D(grey, cv2.CV_32F, np.ascontiguousarray(kernel.T))
    return np.hypot(across, down)


def _shrink(grey: _Grey, factor: int) -> _Grey:
    if factor == 1:
        return grey
    size = (max(grey.shape[1] // factor, 1), max(grey.shape[0] // factor, 1))
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def _measure_steps(grey: _Grey, hole: Hole) -> tuple[float, float]:
    """Return the mean step across the edge, and the mean step beside it."""
    near = _mark_near_edge(hole)
    across: list[NDArray[np.float32]] = []
    inside: list[NDArray[np.float32]] = []
    outside: list[NDArray[np.float32]] = []
    for levels, mask, counted in ((grey, hole, near), (grey.T, hole.T, near.T)):
        step = np.abs(levels[1:] - levels[:-1])
        one, other = mask[1:], mask[:-1]
        close = counted[1:] & counted[:-1]
        across.append(step[one != other])
        inside.append(step[one & other & close])
        outside.append(step[~one & ~other & close])
    return _compute_mean(across), (_compute_mean(inside) + _compute_mean(outside)) / 2


def _mark_near_edge(hole: Hole) -> Hole:
    side = 2 * BAND + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    solid = hole.astype(np.uint8)
    return np.asarray(cv2.dilate(solid, disc) != cv2.erode(solid, disc))


def _compute_mean(parts: list[NDArray[np.float32]]) -> float:
    numbers = np.concatenate(parts)
    return float(numbers.mean()) if numbers.size else 0.0
