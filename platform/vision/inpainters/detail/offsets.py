"""The search for where the content of each cell of a fill comes from.

From coarse to fine: on the coarsest level each patch is compared with every known one; on finer
ones, with the offsets of its neighbours and random others (Barnes et al.: PatchMatch, SIGGRAPH
2009). An offset that neighbours have costs less, so that whole areas come from one place.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.inpainters.detail.descriptions import describe_patches
from vision.inpainters.detail.places import Places, find_places
from vision.progress import Checkpoint, scale_checkpoint

MOST_COMPARISONS = 60_000_000
TOGETHER = 6.0
"""The cost of an offset that no neighbour has, in medians of the patches' distances."""
ROUNDS = 4
STEPS = (8, 4, 2, 1)
SEED = 1
COMPARING_SHARE, IMPROVED_SHARE = 0.2, 0.3
"""The share done after all patches are compared, and after the coarsest level."""
_CHUNK = 4_000_000

_Numbers = NDArray[np.int32]
_Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Offsets:
    """The distance from each cell of the hole to its source.

    Attributes:
        here: the cells.
        down, right: [N] int32, in cells.
    """

    here: Places
    down: _Numbers
    right: _Numbers


def find_offsets(fill: NDArray[np.uint8], here: Places, checkpoint: Checkpoint) -> Offsets:
    """Return the offsets for the fill [h,w,3] uint8 RGB at the cells `here`.

    There must be a source; offsets lead to sources only.
    """
    levels = [(fill, here)]
    while _count_comparisons(levels[-1][1]) > MOST_COMPARISONS:
        picture, finer = levels[-1]
        coarser = find_places(_halve_hole(finer.hole), _halve_hole(finer.blocked))
        if not len(coarser.sources):
            break
        levels.append((_halve(picture), coarser))
    search = _Search.from_picture(*levels.pop())
    search.compare_all(scale_checkpoint(checkpoint, 0, COMPARING_SHARE))
    search.refine(scale_checkpoint(checkpoint, COMPARING_SHARE, IMPROVED_SHARE))
    for number, level in enumerate(reversed(levels)):
        coarse, search = search, _Search.from_picture(*level)
        search.start_from(coarse)
        step = (1 - IMPROVED_SHARE) / len(levels)
        start = IMPROVED_SHARE + step * number
        search.refine(scale_checkpoint(checkpoint, start, start + step))
    return Offsets(here, search.down, search.right)


def _count_comparisons(here: Places) -> int:
    """Return how many comparisons it takes to compare all patches."""
    return len(here.rows) * len(here.sources)


def _halve(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture at half its size; odd sides are padded first."""
    height, width = picture.shape[:2]
    whole = cv2.copyMakeBorder(picture, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    size = (whole.shape[1] // 2, whole.shape[0] // 2)
    return cv2.resize(whole, size, interpolation=cv2.INTER_AREA).astype(np.uint8)


def _halve_hole(hole: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return a hole at half its size: a cell is hole where one of its four cells is."""
    height, width = hole.shape
    whole = np.pad(hole, ((0, height % 2), (0, width % 2)))
    rows = whole[0::2] | whole[1::2]
    return np.asarray(rows[:, 0::2] | rows[:, 1::2])


class _Search:
    """The offsets of one level while they are refined.

    Attributes:
        patches: [h*w,13] descriptions of all patches.
        targets: [N,13] descriptions of the hole's patches.
        cost: [N] squared distances of each cell's patch from its source.
    """

    def __init__(self, patches: _Floats, targets: _Floats, here: Places) -> None:
        self.patches = patches
        self.targets = targets
        self.here = here
        count = len(here.rows)
        self.down = np.zeros(count, np.int32)
        self.right = np.zeros(count, np.int32)
        self.cost = np.full(count, np.inf, np.float32)
        self.random = np.random.default_rng(SEED)
        around = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if down or right]
        self.around = np.stack([here.find_beside(*step) for step in around])

    @classmethod
    def from_picture(cls, picture: NDArray[np.uint8], here: Places) -> Self:
        """Describe the patches of `picture` and start without offsets."""
        terms = describe_patches(picture)
        return cls(terms.reshape(-1, terms.shape[2]), terms[here.hole], here)

    def compare_all(self, checkpoint: Checkpoint) -> None:
        """Give each cell the known patch that is most similar to its own."""
        sources = self.here.sources
        rows, columns = np.divmod(sources, self.here.index.shape[1])
        candidates = self.patches[sources]
        half = (candidates * candidates).sum(axis=1) / 2
        for cells in _split_chunks(len(self.targets), max(_CHUNK // len(sources), 1)):
            best = (half - self.targets[cells] @ candidates.T).argmin(axis=1)
            self.down[cells] = rows[best] - self.here.rows[cells]
            self.right[cells] = columns[best] - self.here.columns[cells]
            checkpoint(cells.stop / len(self.targets))
        self.cost = self._measure_distances(self.down, self.right)

    def start_from(self, coarser: Self) -> None:
        """Take over the offsets of a level of half the size."""
        cells = coarser.here.index[self.here.rows // 2, self.here.columns // 2]
        self.down, self.right = coarser.down[cells] * 2, coarser.right[cells] * 2
        self.cost = self._measure_distances(self.down, self.right)
        invalid = np.flatnonzero(~np.isfinite(self.cost))
        replacements = self.here.sources[
            self.random.integers(0, len(self.here.sources), len(invalid))
        ]
        rows, columns = np.divmod(replacements, self.here.index.shape[1])
        self.down[invalid] = rows - self.here.rows[invalid]
        self.right[invalid] = columns - self.here.columns[invalid]
        self.cost = self._measure_distances(self.down, self.right)

    def refine(self, checkpoint: Checkpoint) -> None:
        """Try the offsets of neighbours, and random ones near the current ones."""
        for done in range(ROUNDS):
            price = np.float32(TOGETHER / 8 * np.median(self.cost) + 0.5)
            for step in STEPS:
                for down, right in ((-step, 0), (step, 0), (0, -step), (0, step)):
                    beside = self.here.find_beside(down, right)
                    self._try_offsets(self.down[beside], self.right[beside], price)
                checkpoint((done + 0.5) / ROUNDS)
            reach = max(self.here.index.shape) // 2
            while reach:
                aside = self.random.integers(-reach, reach + 1, (2, len(self.down)), np.int32)
                self._try_offsets(self.down + aside[0], self.right + aside[1], price)
                reach //= 3
            checkpoint((done + 1) / ROUNDS)

    def _try_offsets(self, down: _Numbers, right: _Numbers, price: np.float32) -> None:
        """Take over these offsets where they cost less than the current ones."""
        cost = self._measure_distances(down, right)
        gain = price * (
            self._count_agreeing(down, right) - self._count_agreeing(self.down, self.right)
        )
        better = cost - gain < self.cost
        self.down = np.where(better, down, self.down)
        self.right = np.where(better, right, self.right)
        self.cost = np.where(better, cost, self.cost)

    def _count_agreeing(self, down: _Numbers, right: _Numbers) -> _Floats:
        """Return for each cell how many of its eight neighbours have the given offset."""
        own = self.down * 65536 + self.right
        same = own[self.around] == down * 65536 + right
        return np.asarray(same.sum(axis=0, dtype=np.int8), np.float32)

    def _measure_distances(self, down: _Numbers, right: _Numbers) -> _Floats:
        """Return squared distances of patches, infinite where an offset leads to no source."""
        height, width = self.here.index.shape
        rows, columns = self.here.rows + down, self.here.columns + right
        inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
        index = np.where(inside, rows * width + columns, 0)
        inside &= self.here.is_source.ravel()[index]
        difference = self.patches[index] - self.targets
        cost = np.einsum("ij,ij->i", difference, difference)
        return np.where(inside, cost, np.float32(np.inf))


def _split_chunks(count: int, size: int) -> Iterator[slice]:
    """Yield slices of at most `size` that cover `count` items."""
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))
