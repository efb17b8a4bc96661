"""Sensor noise and film grain: a fill gets as much as the photo has around it.

What an inpainter blends or enlarges is smoother than the photo. The noise added has the strength,
the colours' covariance and the extent that flat places around the hole show.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

FINE = 1.2
"""Standard deviation in pixels of the blur that takes the grain away."""
LEAST_GRAIN = 0.6
"""Grey levels; what is weaker nobody sees."""
MOST_GRAIN = 8.0
"""Grey levels; what is stronger is texture."""
TILE = 16
MOST_TILES = 256
FEWEST_TILES = 4
FLATTEST = 0.15
"""The share of the tiles, from the flattest on, that grain is told from."""
DARKEST, LIGHTEST = 5, 250
"""Tiles with values beyond are left out: clipped pixels have no grain."""
_LOCAL = 7.0
_STRIP_ROWS = 256
_OVERLAP = 32
_EXTENTS = (0.0, 0.4, 0.6, 0.8, 1.0, 1.3)

_Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Grain:
    """Grain as it is found in a photo.

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


def with_grain(
    photo: NDArray[np.uint8],
    filled: NDArray[np.uint8],
    hole: NDArray[np.uint8],
    known: NDArray[np.bool_],
) -> NDArray[np.uint8]:
    """`filled` with grain where it has less than the photo; arguments as of `finished`."""
    grain = found(photo, known)
    if grain is None or not LEAST_GRAIN <= grain.strength <= MOST_GRAIN:
        return filled
    noise = _noise((_STRIP_ROWS, hole.shape[1]), grain)
    result = filled.copy()
    for top in range(0, len(hole), _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        inside = hole[rows] > 0
        lacking = _lacking(filled, rows, grain.strength)[inside][:, np.newaxis]
        # Turned, or strips would repeat one below the other.
        strip = np.roll(noise, top * 7 // 3, axis=1)[: len(inside)]
        grainy = filled[rows][inside] + strip[inside] * lacking
        result[rows][inside] = np.clip(np.rint(grainy), 0, 255).astype(np.uint8)
    return result


def found(photo: NDArray[np.uint8], known: NDArray[np.bool_]) -> Grain | None:
    """The grain in the flattest known places of `photo` [H,W,3]; None where there are too few."""
    samples, strengths = [], []
    for tile in _tiles(known):
        pixels = photo[tile]
        if pixels.min() < DARKEST or pixels.max() > LIGHTEST:
            continue
        fine = _fine(pixels)
        samples.append(fine)
        strengths.append(float(_spread(fine.reshape(-1, 3)).max()))
    if len(samples) < FEWEST_TILES:
        return None
    # Texture looks like grain; what is in the flattest places too is hardly texture.
    flattest = np.argsort(strengths)[: max(FEWEST_TILES, round(len(samples) * FLATTEST))]
    return _grain([samples[number] for number in flattest])


def _tiles(known: NDArray[np.bool_]) -> Iterator[tuple[slice, slice]]:
    """Squares that are known throughout, spread evenly."""
    height, width = known.shape
    down, across = height // TILE, width // TILE
    whole = known[: down * TILE, : across * TILE].reshape(down, TILE, across, TILE)
    free = np.argwhere(whole.all(axis=(1, 3))) * TILE
    for top, left in free[:: -(-len(free) // MOST_TILES) or 1].tolist():
        yield slice(top, top + TILE), slice(left, left + TILE)


def _grain(tiles: list[_Floats]) -> Grain:
    """From the fine detail [h,w,3] of flat places."""
    samples = np.concatenate([tile.reshape(-1, 3) for tile in tiles]).astype(np.float64)
    spread = _spread(samples)
    varied = bool((samples.std(axis=0) > 0).all())
    correlation = np.corrcoef(samples.T) if varied else np.eye(3)
    one = np.concatenate([tile[:, 1:].ravel() for tile in tiles])
    other = np.concatenate([tile[:, :-1].ravel() for tile in tiles])
    alike = _correlation(one, other)
    extent = min(_EXTENTS, key=lambda extent: abs(_correlation_of_noise(extent) - alike))
    return Grain(correlation * np.outer(spread, spread), extent)


def _spread(samples: NDArray[Any]) -> NDArray[np.float64]:
    """The standard deviation of each colour, by the median: an edge must not count as grain."""
    return np.asarray(1.4826 * np.median(np.abs(samples), axis=0), np.float64)


def _correlation_of_noise(extent: float) -> float:
    """From pixel to pixel, in the fine part of white noise blurred by `extent`."""
    white = np.random.default_rng(0).normal(size=(96, 96)).astype(np.float32)
    fine = _fine(_blurred(white, extent))
    return _correlation(fine[:, 1:], fine[:, :-1])


def _correlation(one: _Floats, other: _Floats) -> float:
    power = float((one * one).mean() + (other * other).mean()) / 2
    return float((one * other).mean()) / power if power else 0.0


def _blurred(picture: _Floats, extent: float) -> _Floats:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), extent), np.float32) if extent else picture


def _fine(picture: NDArray[np.uint8] | _Floats) -> _Floats:
    """What is finer than `FINE` pixels."""
    exact = picture.astype(np.float32)
    return np.asarray(exact - cv2.GaussianBlur(exact, (0, 0), FINE), np.float32)


def _lacking(filled: NDArray[np.uint8], rows: slice, strength: float) -> _Floats:
    """In those rows, the share of the grain that each place of the fill lacks, 0..1."""
    first = max(rows.start - _OVERLAP, 0)
    fine = _fine(filled[first : rows.stop + _OVERLAP])
    power = cv2.GaussianBlur((fine * fine).mean(axis=2), (0, 0), _LOCAL)
    own = power[rows.start - first :][: rows.stop - rows.start]
    return np.asarray(np.sqrt(np.clip(1 - own / strength**2, 0, 1)), np.float32)


def _noise(size: tuple[int, int], grain: Grain) -> _Floats:
    """[H,W,3] of noise whose fine part is like the grain."""
    white = np.random.default_rng(size[1]).normal(size=(*size, 3)).astype(np.float32)
    white = _blurred(white, grain.extent)
    white /= max(float(_fine(white).std()), 1e-6)
    eigenvalues, axes = np.linalg.eigh(grain.covariance)
    mixing = axes * np.sqrt(np.maximum(eigenvalues, 0))
    return np.asarray(white @ mixing.T.astype(np.float32), np.float32)
