"""Where the content of each of a fill's cells comes from.

From coarse to fine: on the coarsest level each patch is compared with every known one, on finer
ones with its neighbours' offsets and random others (Barnes et al.: PatchMatch, SIGGRAPH 2009). An
offset that neighbours have costs less, so that whole areas are taken from one place.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.inpainters.detail.descriptions import described
from vision.inpainters.detail.places import Places, places
from vision.progress import Checkpoint, part_of

MOST_COMPARISONS = 60_000_000
TOGETHER = 6.0
"""What disagreeing with all its neighbours costs a cell, in medians of the patches' distances."""
ROUNDS = 4
STEPS = (8, 4, 2, 1)
SEED = 1
COMPARING_SHARE, IMPROVED_SHARE = 0.2, 0.3
"""How far the work is once all patches are compared, and once the coarsest level is done."""
_CHUNK = 4_000_000

_Numbers = NDArray[np.int32]
_Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Offsets:
    """For each cell of the hole how far off its source lies.

    Attributes:
        here: the cells.
        down, right: [N] int32, in cells.
    """

    here: Places
    down: _Numbers
    right: _Numbers


def find(filled: NDArray[np.uint8], here: Places, checkpoint: Checkpoint) -> Offsets:
    """The offsets of the fill that `filled` [h,w,3] uint8 RGB has at the cells `here`.

    There must be a source; offsets lead to sources only.
    """
    levels = [(filled, here)]
    while _comparisons(levels[-1][1]) > MOST_COMPARISONS:
        picture, finer = levels[-1]
        coarser = places(_halved_hole(finer.hole))
        if not len(coarser.sources):
            break
        levels.append((_halved(picture), coarser))
    search = _Search.of(*levels.pop())
    search.compare_all(part_of(checkpoint, 0, COMPARING_SHARE))
    search.improve(part_of(checkpoint, COMPARING_SHARE, IMPROVED_SHARE))
    for number, level in enumerate(reversed(levels)):
        coarse, search = search, _Search.of(*level)
        search.start_from(coarse)
        step = (1 - IMPROVED_SHARE) / len(levels)
        start = IMPROVED_SHARE + step * number
        search.improve(part_of(checkpoint, start, start + step))
    return Offsets(here, search.down, search.right)


def _comparisons(here: Places) -> int:
    return len(here.rows) * len(here.sources)


def _halved(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = picture.shape[:2]
    whole = cv2.copyMakeBorder(picture, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    size = (whole.shape[1] // 2, whole.shape[0] // 2)
    return cv2.resize(whole, size, interpolation=cv2.INTER_AREA).astype(np.uint8)


def _halved_hole(hole: NDArray[np.bool_]) -> NDArray[np.bool_]:
    height, width = hole.shape
    whole = np.pad(hole, ((0, height % 2), (0, width % 2)))
    rows = whole[0::2] | whole[1::2]
    return np.asarray(rows[:, 0::2] | rows[:, 1::2])


class _Search:
    """One level's offsets, as they get better."""

    def __init__(self, known: _Floats, wanted: _Floats, here: Places) -> None:
        self.known = known
        self.wanted = wanted
        self.here = here
        count = len(here.rows)
        self.down = np.zeros(count, np.int32)
        self.right = np.zeros(count, np.int32)
        self.cost = np.full(count, np.inf, np.float32)
        self.random = np.random.default_rng(SEED)
        around = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if down or right]
        self.around = np.stack([here.beside(*step) for step in around])

    @classmethod
    def of(cls, picture: NDArray[np.uint8], here: Places) -> Self:
        terms = described(picture)
        return cls(terms.reshape(-1, terms.shape[2]), terms[here.hole], here)

    def compare_all(self, checkpoint: Checkpoint) -> None:
        """Gives each cell the known patch that is most like its own."""
        sources = self.here.sources
        rows, columns = np.divmod(sources, self.here.index.shape[1])
        known = self.known[sources]
        half = (known * known).sum(axis=1) / 2
        for cells in _chunks(len(self.wanted), max(_CHUNK // len(sources), 1)):
            best = (half - self.wanted[cells] @ known.T).argmin(axis=1)
            self.down[cells] = rows[best] - self.here.rows[cells]
            self.right[cells] = columns[best] - self.here.columns[cells]
            checkpoint(cells.stop / len(self.wanted))
        self.cost = self._distances(self.down, self.right)

    def start_from(self, coarser: Self) -> None:
        """Takes over the offsets of a level of half the size."""
        cells = coarser.here.index[self.here.rows // 2, self.here.columns // 2]
        self.down, self.right = coarser.down[cells] * 2, coarser.right[cells] * 2
        self.cost = self._distances(self.down, self.right)
        lost = np.flatnonzero(~np.isfinite(self.cost))
        chosen = self.here.sources[self.random.integers(0, len(self.here.sources), len(lost))]
        rows, columns = np.divmod(chosen, self.here.index.shape[1])
        self.down[lost] = rows - self.here.rows[lost]
        self.right[lost] = columns - self.here.columns[lost]
        self.cost = self._distances(self.down, self.right)

    def improve(self, checkpoint: Checkpoint) -> None:
        """Tries neighbours' offsets, and others near the own ones."""
        for done in range(ROUNDS):
            price = np.float32(TOGETHER / 8 * np.median(self.cost) + 0.5)
            for step in STEPS:
                for down, right in ((-step, 0), (step, 0), (0, -step), (0, step)):
                    beside = self.here.beside(down, right)
                    self._try(self.down[beside], self.right[beside], price)
                checkpoint((done + 0.5) / ROUNDS)
            reach = max(self.here.index.shape) // 2
            while reach:
                aside = self.random.integers(-reach, reach + 1, (2, len(self.down)), np.int32)
                self._try(self.down + aside[0], self.right + aside[1], price)
                reach //= 3
            checkpoint((done + 1) / ROUNDS)

    def _try(self, down: _Numbers, right: _Numbers, price: np.float32) -> None:
        cost = self._distances(down, right)
        gain = price * (self._agreeing(down, right) - self._agreeing(self.down, self.right))
        better = cost - gain < self.cost
        self.down = np.where(better, down, self.down)
        self.right = np.where(better, right, self.right)
        self.cost = np.where(better, cost, self.cost)

    def _agreeing(self, down: _Numbers, right: _Numbers) -> _Floats:
        """How many of its eight neighbours have the offset given for each cell."""
        own = self.down * 65536 + self.right
        same = own[self.around] == down * 65536 + right
        return np.asarray(same.sum(axis=0, dtype=np.int8), np.float32)

    def _distances(self, down: _Numbers, right: _Numbers) -> _Floats:
        """The squared distances of patches, infinite where an offset leads to no source."""
        height, width = self.here.index.shape
        rows, columns = self.here.rows + down, self.here.columns + right
        inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
        index = np.where(inside, rows * width + columns, 0)
        inside &= self.here.is_source.ravel()[index]
        difference = self.known[index] - self.wanted
        cost = np.einsum("ij,ij->i", difference, difference)
        return np.where(inside, cost, np.float32(np.inf))


def _chunks(count: int, size: int) -> Iterator[slice]:
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))
