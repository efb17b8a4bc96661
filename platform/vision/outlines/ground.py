"""Brightness and colour of the ground around an object, where light falls on it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.detectors.base import Box
from vision.outlines.shapes import Shape, erode

GAMMA = 2.2
NOISE = 0.002  # added to light, 0..1, so that black has a colour
SMOOTH = 0.008  # of the box's diagonal: smooths away grass and sand, which are no shadows
ABOVE_FEET = 0.3  # of the box's height: the ground's zone begins so far above its bottom
FAR = 1.6  # of the box's longer side: the zone ends so far from the object
NEARBY = 0.5  # of the box's diagonal: within it, the ground's usual colour is measured
SPREAD = 0.4  # of the box's diagonal: light may change over such a distance
SAME_COLOUR = 0.08  # of a colour's share of all light
ROUNDS = 5
FEWEST = 50  # px of ground
COARSE = 0.25  # the lit ground is smooth: it is computed at a quarter of the size


@dataclass(frozen=True, eq=False)
class Ground:
    """The ground around an object, compared to the same ground without shadows.

    Attributes:
        zone: [h,w] bool, where ground is examined.
        darkness: [h,w] float32, natural logarithm of the lit ground's light over this pixel's.
        redder, bluer: [h,w] float32, by how much red's and blue's share of all light exceeds the
            lit ground's, -1..1.
        roughness: how much darkness varies where there is no shadow (1 sigma).
        patchiness: the same for the colours' shares.
    """

    zone: Shape
    darkness: NDArray[np.float32]
    redder: NDArray[np.float32]
    bluer: NDArray[np.float32]
    roughness: float
    patchiness: float


def measure_ground(rgb: NDArray[np.uint8], object_: Shape, free: Shape, box: Box) -> Ground | None:
    """Return the ground around the object in `box`; None where there is too little of it.

    Args:
        rgb: [h,w,3] uint8 sRGB.
        object_: [h,w] bool, the object with its edge.
        free: [h,w] bool, where neither it nor another object is.
        box: px of `rgb`.
    """
    distance = cv2.distanceTransform((~object_).astype(np.uint8), cv2.DIST_L2, 5)
    rows = np.arange(len(rgb))[:, None]
    low = rows >= box.y + (1 - ABOVE_FEET) * box.height
    zone = free & low & (distance <= FAR * max(box.width, box.height))
    light = _to_linear_light(rgb, max(0.6, SMOOTH * box.diagonal))
    shares = light / light.sum(axis=2, keepdims=True)
    clear = zone & erode(free, max(1.0, 0.01 * box.diagonal))
    if np.count_nonzero(clear) < FEWEST:
        return None
    near = np.where(clear, np.exp(-distance / (NEARBY * box.diagonal)), 0)
    likeness = np.where(clear, _weigh_by_colour(shares, near), 0).astype(np.float32)
    lit = _estimate_lit_ground(light, likeness, SPREAD * box.diagonal)
    darkness = -np.log(light.mean(axis=2) / lit.mean(axis=2))
    excess = shares - lit / lit.sum(axis=2, keepdims=True)
    return Ground(
        zone=zone,
        darkness=darkness,
        redder=excess[..., 0],
        bluer=excess[..., 2],
        roughness=_estimate_sigma(darkness[zone]),
        patchiness=max(
            _estimate_sigma(excess[..., 0][zone]), _estimate_sigma(excess[..., 2][zone])
        ),
    )


def _to_linear_light(rgb: NDArray[np.uint8], sigma: float) -> NDArray[np.float32]:
    """Return linear light 0..1, smoothed by `sigma` px."""
    linear = (rgb.astype(np.float32) / 255) ** np.float32(GAMMA) + np.float32(NOISE)
    return np.asarray(cv2.GaussianBlur(linear, (0, 0), sigma), np.float32)


def _weigh_by_colour(shares: NDArray[np.float32], near: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return [h,w]: 1 where the colour is the usual one, less elsewhere.

    The usual colour is the weighted median of each channel's share.
    """
    is_near = near > 0
    weights = near[is_near]
    usual = [
        _compute_weighted_median(shares[..., channel][is_near], weights) for channel in range(3)
    ]
    off = np.abs(shares - np.array(usual, np.float32)).max(axis=2)
    return np.exp(-((off / SAME_COLOUR) ** 2)) + np.float32(1e-4)


def _estimate_lit_ground(
    light: NDArray[np.float32], weights: NDArray[np.float32], sigma: float
) -> NDArray[np.float32]:
    """Return the light of the nearby ground, [h,w,3].

    Dark parts get less weight in every round.
    """
    height, width = weights.shape
    brightness, trust = light.mean(axis=2), weights
    for _ in range(ROUNDS):
        amount = _blur_coarsely(trust, sigma) + np.float32(1e-9)
        parts = [_blur_coarsely(light[..., k] * trust, sigma) / amount for k in range(3)]
        lit = np.asarray(cv2.resize(np.dstack(parts), (width, height)), np.float32)
        lit = np.maximum(lit, np.float32(NOISE))
        share = brightness / lit.mean(axis=2)
        confidence = np.clip((share - 0.55) / 0.3, 0.01, 1) * np.where(share > 1.5, 0.2, 1)
        trust = (weights * confidence).astype(np.float32)
    return lit


def _blur_coarsely(values: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """Return `values` blurred, at a quarter of the size."""
    small = cv2.resize(values, None, fx=COARSE, fy=COARSE, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), max(0.5, sigma * COARSE)), np.float32)


def _compute_weighted_median(values: NDArray[np.float32], weights: NDArray[np.float64]) -> float:
    """Return the value with half of all weight below it."""
    order = np.argsort(values)
    cumulative = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(cumulative, cumulative[-1] / 2)])


def _estimate_sigma(values: NDArray[np.float32]) -> float:
    """Return the standard deviation without outliers, by the median absolute deviation."""
    return float(1.4826 * np.median(np.abs(values - np.median(values))))
