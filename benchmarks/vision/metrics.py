"""How near a fill is to the true pixels, and how well it sits in its surroundings.

All take [H,W,3] uint8 RGB of one size: the hole's box and a few pixels around it.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.vision.files import Hole, Rgb

GMSD_STABILITY = 170.0
"""The paper's constant for 0..255."""
BAND = 4
"""Pixels on either side of the rim that its steps are compared with."""
COARSE = 4
_LEAST_STEP = 1.0

_Grey = NDArray[np.float32]


def psnr(truth: Rgb, fill: Rgb) -> float:
    """Peak signal to noise ratio in dB; infinite for equal pictures."""
    error = np.mean((truth.astype(np.float64) - fill) ** 2)
    return float("inf") if error == 0 else float(10 * np.log10(255**2 / error))


def gmsd(truth: Rgb, fill: Rgb) -> float:
    """Gradient magnitude similarity deviation: 0 for equal pictures, higher is worse.

    Xue, Zhang, Mou, Bovik: Gradient Magnitude Similarity Deviation, TIP 2014, arXiv 1308.3052.
    """
    one, other = (_gradient(_halved(_grey(picture))) for picture in (truth, fill))
    similarity = (2 * one * other + GMSD_STABILITY) / (one**2 + other**2 + GMSD_STABILITY)
    return float(similarity.std())


def seam(truth: Rgb, fill: Rgb, hole: Hole) -> float:
    """Seam energy: how much more the fill steps at the hole's rim than beside it; 0 is seamless.

    A step is the absolute difference of two neighbours. The excess is the mean step across the rim
    less the mean step within `BAND` px of it, half inside and half outside. The figure is the
    fill's excess less the truth's, as a share of the truth's own steps there (at least 1 grey
    level), at full size and at a quarter of it, where a shift of brightness shows, averaged.
    """
    energies = []
    for factor in (1, COARSE):
        small = _shrunk(hole.astype(np.float32), factor) >= 0.5
        true_rim, true_beside = _steps(_shrunk(_grey(truth), factor), small)
        rim, beside = _steps(_shrunk(_grey(fill), factor), small)
        excess = (rim - beside) - (true_rim - true_beside)
        energies.append(abs(excess) / max(true_beside, _LEAST_STEP))
    return float(np.mean(energies))


def sharpness(truth: Rgb, fill: Rgb, hole: Hole) -> float:
    """The fill's fine detail as a share of the truth's: mean squared Laplacian inside the hole.

    1 is as sharp as the truth; what lies within 2 px of the rim does not count.
    """
    inner = cv2.erode(hole.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    one, other = (
        float(np.mean(cv2.Laplacian(_grey(picture), cv2.CV_32F)[inner] ** 2))
        for picture in (truth, fill)
    )
    return other / max(one, 1e-6)


def _grey(picture: Rgb) -> _Grey:
    return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)


def _halved(grey: _Grey) -> _Grey:
    return cv2.blur(grey, (2, 2))[::2, ::2]  # type: ignore[return-value]


def _gradient(grey: _Grey) -> _Grey:
    """Prewitt's, as in the paper."""
    kernel = np.array([[1, 0, -1]] * 3, np.float32) / 3
    across = cv2.filter2D(grey, cv2.CV_32F, kernel)
    down = cv2.filter2D(grey, cv2.CV_32F, np.ascontiguousarray(kernel.T))
    return np.hypot(across, down)


def _shrunk(grey: _Grey, factor: int) -> _Grey:
    if factor == 1:
        return grey
    size = (max(grey.shape[1] // factor, 1), max(grey.shape[0] // factor, 1))
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def _steps(grey: _Grey, hole: Hole) -> tuple[float, float]:
    """The mean step across the rim, and the mean step beside it."""
    near = _near_rim(hole)
    across: list[NDArray[np.float32]] = []
    inside: list[NDArray[np.float32]] = []
    outside: list[NDArray[np.float32]] = []
    for levels, holed, counted in ((grey, hole, near), (grey.T, hole.T, near.T)):
        step = np.abs(levels[1:] - levels[:-1])
        one, other = holed[1:], holed[:-1]
        close = counted[1:] & counted[:-1]
        across.append(step[one != other])
        inside.append(step[one & other & close])
        outside.append(step[~one & ~other & close])
    return _mean(across), (_mean(inside) + _mean(outside)) / 2


def _near_rim(hole: Hole) -> Hole:
    side = 2 * BAND + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    solid = hole.astype(np.uint8)
    return np.asarray(cv2.dilate(solid, disc) != cv2.erode(solid, disc))


def _mean(parts: list[NDArray[np.float32]]) -> float:
    numbers = np.concatenate(parts)
    return float(numbers.mean()) if numbers.size else 0.0
