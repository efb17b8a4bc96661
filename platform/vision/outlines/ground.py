"""How bright and of which colour the ground around an object is, where light falls on it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.detectors.base import Box
from vision.outlines.shapes import Shape, eroded

GAMMA = 2.2
NOISE = 0.002  # added to light, 0..1, so that black has a colour
SMOOTH = 0.008  # of the box's diagonal: blades of grass and grains of sand are no shadows
ABOVE_FEET = 0.3  # of the box's height: ground that is looked at begins so far above its bottom
FAR = 1.6  # of the box's longer side: and it ends so far from the object
NEARBY = 0.5  # of the box's diagonal: how near the ground lies that tells the ground's colour
SPREAD = 0.4  # of the box's diagonal: light may change over such a distance
SAME_COLOUR = 0.08  # of a colour's share of all light
ROUNDS = 5
FEWEST = 50  # px of ground
COARSE = 0.25  # the reference is smooth: it is worked out at a quarter of the size


@dataclass(frozen=True, eq=False)
class Ground:
    """The ground around an object, compared to what it would be without shadows.

    Attributes:
        zone: [h,w] bool, where ground is looked at.
        darkness: [h,w] float32, natural logarithm of the lit ground's light over this pixel's.
        redder, bluer: [h,w] float32, by how much red's and blue's share of all light exceeds the
            lit ground's, -1..1.
        roughness: how far darkness varies where there is no shadow (1 sigma).
        patchiness: the same for the colours' shares.
    """

    zone: Shape
    darkness: NDArray[np.float32]
    redder: NDArray[np.float32]
    bluer: NDArray[np.float32]
    roughness: float
    patchiness: float


def ground_around(rgb: NDArray[np.uint8], object_: Shape, free: Shape, box: Box) -> Ground | None:
    """The ground around the object in `box`; None where there is too little of it.

    Args:
        rgb: [h,w,3] uint8 sRGB.
        object_: [h,w] bool, the object with its rim.
        free: [h,w] bool, where neither it nor another object is.
        box: px of `rgb`.
    """
    distance = cv2.distanceTransform((~object_).astype(np.uint8), cv2.DIST_L2, 5)
    rows = np.arange(len(rgb))[:, None]
    low = rows >= box.y + (1 - ABOVE_FEET) * box.height
    zone = free & low & (distance <= FAR * max(box.width, box.height))
    light = _light(rgb, max(0.6, SMOOTH * box.diagonal))
    shares = light / light.sum(axis=2, keepdims=True)
    clear = zone & eroded(free, max(1.0, 0.01 * box.diagonal))
    if np.count_nonzero(clear) < FEWEST:
        return None
    near = np.where(clear, np.exp(-distance / (NEARBY * box.diagonal)), 0)
    alike = np.where(clear, _alike(shares, near), 0).astype(np.float32)
    lit = _lit(light, alike, SPREAD * box.diagonal)
    darkness = -np.log(light.mean(axis=2) / lit.mean(axis=2))
    excess = shares - lit / lit.sum(axis=2, keepdims=True)
    return Ground(
        zone=zone,
        darkness=darkness,
        redder=excess[..., 0],
        bluer=excess[..., 2],
        roughness=_sigma(darkness[zone]),
        patchiness=max(_sigma(excess[..., 0][zone]), _sigma(excess[..., 2][zone])),
    )


def _light(rgb: NDArray[np.uint8], sigma: float) -> NDArray[np.float32]:
    """Linear light 0..1, smoothed."""
    linear = (rgb.astype(np.float32) / 255) ** np.float32(GAMMA) + np.float32(NOISE)
    return np.asarray(cv2.GaussianBlur(linear, (0, 0), sigma), np.float32)


def _alike(shares: NDArray[np.float32], near: NDArray[np.float64]) -> NDArray[np.float32]:
    """[h,w], 1 where the colour is the commonest one (the weighted median), less elsewhere."""
    seen = near > 0
    weights = near[seen]
    usual = [_weighted_median(shares[..., channel][seen], weights) for channel in range(3)]
    off = np.abs(shares - np.array(usual, np.float32)).max(axis=2)
    return np.exp(-((off / SAME_COLOUR) ** 2)) + np.float32(1e-4)


def _lit(
    light: NDArray[np.float32], weights: NDArray[np.float32], sigma: float
) -> NDArray[np.float32]:
    """[h,w,3]: the light of the ground nearby, in which dark parts count less with each round."""
    height, width = weights.shape
    brightness, trusted = light.mean(axis=2), weights
    for _ in range(ROUNDS):
        amount = _spread(trusted, sigma) + np.float32(1e-9)
        parts = [_spread(light[..., k] * trusted, sigma) / amount for k in range(3)]
        lit = np.asarray(cv2.resize(np.dstack(parts), (width, height)), np.float32)
        lit = np.maximum(lit, np.float32(NOISE))
        share = brightness / lit.mean(axis=2)
        trust = np.clip((share - 0.55) / 0.3, 0.01, 1) * np.where(share > 1.5, 0.2, 1)
        trusted = (weights * trust).astype(np.float32)
    return lit


def _spread(values: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    small = cv2.resize(values, None, fx=COARSE, fy=COARSE, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), max(0.5, sigma * COARSE)), np.float32)


def _weighted_median(values: NDArray[np.float32], weights: NDArray[np.float64]) -> float:
    order = np.argsort(values)
    summed = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(summed, summed[-1] / 2)])


def _sigma(values: NDArray[np.float32]) -> float:
    """The standard deviation of what is not far off, by the median's deviation."""
    return float(1.4826 * np.median(np.abs(values - np.median(values))))
