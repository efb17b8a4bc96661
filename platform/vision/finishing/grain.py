"""Sensor noise and film grain: the fill gets as much of it as the photo has around it.

What an inpainter blends or enlarges is smoother than the photo. The noise that is added has the
strength, the covariance of the colours and the spatial extent that flat places around the hole
show.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.finishing.base import Colours, Flags, Floats, to_depth_of
from vision.masks import Mask

FINE = 1.2
"""Standard deviation in pixels of the blur that removes the grain."""
LEAST_GRAIN = 0.6
"""Grey levels; weaker grain is invisible."""
LEAST_DEEP_GRAIN = 0.02
"""The same in a deep photo, which may be stretched."""
MOST_GRAIN = 8.0
"""Grey levels; stronger detail is texture."""
TILE = 16
MOST_TILES = 256
FEWEST_TILES = 4
FLATTEST = 0.15
"""The share of the tiles, the flattest ones, that the grain is estimated from."""
DARKEST, LIGHTEST = 5, 250
"""Tiles with values beyond these are ignored: clipped pixels have no grain."""
_LOCAL = 7.0
_STRIP_ROWS = 256
_OVERLAP = 32
_EXTENTS = (0.0, 0.4, 0.6, 0.8, 1.0, 1.3)


@dataclass(frozen=True, eq=False)
class Grain:
    """The grain of a photo.

    Attributes:
        covariance: [3,3] of the colours, in grey levels squared.
        extent: standard deviation in pixels of the blur that makes white noise like it; 0 = none.
    """

    covariance: NDArray[np.float64]
    extent: float

    @property
    def strength(self) -> float:
        """Standard deviation in grey levels, over all colours."""
        return float(np.sqrt(np.trace(self.covariance) / 3))


def add_grain(photo: Colours, fill: Colours, hole: Mask, visible: Flags) -> Colours:
    """Return `fill` with grain added where it has less than the photo; arguments as of `Step`."""
    grain = measure_grain(photo, visible)
    least = LEAST_GRAIN if fill.dtype == np.uint8 else LEAST_DEEP_GRAIN
    if grain is None or not least <= grain.strength <= MOST_GRAIN:
        return fill
    noise = _generate_noise((_STRIP_ROWS, hole.shape[1]), grain)
    result = fill.copy()
    for top in range(0, len(hole), _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        inside = hole[rows] > 0
        lack = _measure_lack(fill, rows, grain.strength)[inside][:, np.newaxis]
        # Shifted, so that the strips do not repeat one below the other.
        strip = np.roll(noise, top * 7 // 3, axis=1)[: len(inside)]
        grainy = fill[rows][inside] + strip[inside] * lack
        result[rows][inside] = to_depth_of(fill, grainy)
    return result


def measure_grain(photo: Colours, visible: Flags) -> Grain | None:
    """Return the grain in the flattest visible places of `photo`; None where they are too few."""
    samples, strengths = [], []
    for tile in _list_tiles(visible):
        pixels = photo[tile]
        if pixels.min() < DARKEST or pixels.max() > LIGHTEST:
            continue
        fine = _extract_fine(pixels)
        samples.append(fine)
        strengths.append(float(_estimate_spread(fine.reshape(-1, 3)).max()))
    if len(samples) < FEWEST_TILES:
        return None
    # Texture looks like grain, but is rare in the flattest places.
    flattest = np.argsort(strengths)[: max(FEWEST_TILES, round(len(samples) * FLATTEST))]
    return _estimate_grain([samples[number] for number in flattest])


def _list_tiles(visible: Flags) -> Iterator[tuple[slice, slice]]:
    """Yield squares that are visible throughout, spread evenly."""
    height, width = visible.shape
    down, across = height // TILE, width // TILE
    whole = visible[: down * TILE, : across * TILE].reshape(down, TILE, across, TILE)
    free = np.argwhere(whole.all(axis=(1, 3))) * TILE
    for top, left in free[:: -(-len(free) // MOST_TILES) or 1].tolist():
        yield slice(top, top + TILE), slice(left, left + TILE)


def _estimate_grain(tiles: list[Floats]) -> Grain:
    """Return the grain of flat places from their fine detail, [h,w,3] each."""
    samples = np.concatenate([tile.reshape(-1, 3) for tile in tiles]).astype(np.float64)
    spread = _estimate_spread(samples)
    varies = bool((samples.std(axis=0) > 0).all())
    correlation = np.corrcoef(samples.T) if varies else np.eye(3)
    one = np.concatenate([tile[:, 1:].ravel() for tile in tiles])
    other = np.concatenate([tile[:, :-1].ravel() for tile in tiles])
    measured = _compute_correlation(one, other)
    extent = min(_EXTENTS, key=lambda extent: abs(_measure_noise_correlation(extent) - measured))
    return Grain(correlation * np.outer(spread, spread), extent)


def _estimate_spread(samples: NDArray[Any]) -> NDArray[np.float64]:
    """Return the standard deviation of each colour.

    It is estimated by the median, so that an edge does not count as grain.
    """
    return np.asarray(1.4826 * np.median(np.abs(samples), axis=0), np.float64)


def _measure_noise_correlation(extent: float) -> float:
    """Return the correlation of neighbouring pixels in fine noise blurred by `extent`."""
    white = np.random.default_rng(0).normal(size=(96, 96)).astype(np.float32)
    fine = _extract_fine(_blur(white, extent))
    return _compute_correlation(fine[:, 1:], fine[:, :-1])


def _compute_correlation(one: Floats, other: Floats) -> float:
    """Return the correlation of two samples of equal power, -1..1; 0 where both are 0."""
    power = float((one * one).mean() + (other * other).mean()) / 2
    return float((one * other).mean()) / power if power else 0.0


def _blur(picture: Floats, extent: float) -> Floats:
    """Blur by a standard deviation of `extent` pixels; 0 changes nothing."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), extent), np.float32) if extent else picture


def _extract_fine(picture: Colours | Floats) -> Floats:
    """Return the detail that is finer than `FINE` pixels."""
    exact = picture.astype(np.float32)
    return np.asarray(exact - cv2.GaussianBlur(exact, (0, 0), FINE), np.float32)


def _measure_lack(fill: Colours, rows: slice, strength: float) -> Floats:
    """Return the share of the grain, 0..1, that each place of the fill lacks, in those rows."""
    first = max(rows.start - _OVERLAP, 0)
    fine = _extract_fine(fill[first : rows.stop + _OVERLAP])
    power = cv2.GaussianBlur((fine * fine).mean(axis=2), (0, 0), _LOCAL)
    own = power[rows.start - first :][: rows.stop - rows.start]
    return np.asarray(np.sqrt(np.clip(1 - own / strength**2, 0, 1)), np.float32)


def _generate_noise(size: tuple[int, int], grain: Grain) -> Floats:
    """Return noise [H,W,3] whose fine detail is like the grain."""
    white = np.random.default_rng(size[1]).normal(size=(*size, 3)).astype(np.float32)
    white = _blur(white, grain.extent)
    white /= max(float(_extract_fine(white).std()), 1e-6)
    eigenvalues, axes = np.linalg.eigh(grain.covariance)
    mixing = axes * np.sqrt(np.maximum(eigenvalues, 0))
    return np.asarray(white @ mixing.T.astype(np.float32), np.float32)
