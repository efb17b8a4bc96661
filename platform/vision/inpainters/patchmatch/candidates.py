"""The candidates for one hole, with and without a preferred direction, and their rank."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vision.inpainters.patchmatch.lines import Line
from vision.inpainters.patchmatch.scoring import (
    measure_breaks,
    measure_incoherence,
    measure_strangeness,
)

WORKING_SIDE = 512
"""Longest side in pixels; 768 takes twice as long, and GMSD, FLIP and the seam are the same."""
QUICK_SIDE = 384
"""The same where many holes are filled quickly: their crops are tighter."""
COARSE_SHARE = 2 / 3
"""The working size of the candidate that follows larger structures, as a share of the others'."""
COUNT = 4
"""How many candidates there are; as many variants can be asked for."""
AUTOMATIC = 3
"""How many of them are compared where the first one is doubtful."""
SEEDS = (1, 2)
BROKEN_WEIGHT = 0.5
STRANGE_WEIGHT = 0.1
MARGIN = 0.1
"""By how much a candidate must be better than the first one: less is chance."""
DOUBTFUL_BREAKS = 0.5
"""Share of broken lines; with more, other candidates are worth their time."""
DOUBTFUL_STRANGENESS = 0.3
"""Grey levels; with more, the first candidate has colours that its surroundings do not have."""
LEAST_INCOHERENCE = 2.0
"""Grey levels; below them patches are as similar as noise allows."""


@dataclass(frozen=True)
class Candidate:
    """How a candidate is filled.

    Attributes:
        side: the working size in pixels.
        seed: of the random search.
        angle: the direction in radians in which lines continue; None: no line is preferred.
    """

    side: int
    seed: int = SEEDS[0]
    angle: float | None = None


def list_candidates(angles: Sequence[float], side: int, longest_side: int) -> list[Candidate]:
    """Return the `COUNT` candidates; the first is PatchMatch as it is.

    Args:
        angles: the main directions of lines in radians, which some candidates continue. Without
            any, one continues rows, because horizons and ground are level.
        side: the working size in pixels.
        longest_side: of the picture at this size, which may be smaller.
    """
    guided = [Candidate(side, angle=angle) for angle in angles or [0.0]]
    coarse = Candidate(max(round(longest_side * COARSE_SHARE), 1))
    return [Candidate(side), *guided, coarse, Candidate(side, seed=SEEDS[1])][:COUNT]


@dataclass(frozen=True)
class Score:
    """How bad a fill is; see `vision.inpainters.patchmatch.scoring`."""

    breaks: float
    strangeness: float
    incoherence: float

    @classmethod
    def from_fill(
        cls,
        fill: NDArray[np.uint8],
        hole: NDArray[np.bool_],
        lines: Sequence[Line],
        blocked: NDArray[np.bool_],
    ) -> Self:
        """Measure a fill of a hole [h,w] into which `lines` point; `blocked` [h,w] is not read."""
        return cls(
            measure_breaks(fill, lines),
            measure_strangeness(fill, hole, blocked),
            measure_incoherence(fill, hole, blocked),
        )

    def compare_with(self, first: Self) -> float:
        """Return how bad this fill is when the patches of `first` count 1."""
        usual = max(first.incoherence, LEAST_INCOHERENCE)
        return (
            max(self.incoherence, LEAST_INCOHERENCE) / usual
            + BROKEN_WEIGHT * self.breaks
            + STRANGE_WEIGHT * self.strangeness
        )


def rank_scores(scores: Sequence[Score]) -> list[int]:
    """Return the numbers of the candidates, the best first.

    The first candidate stays the best unless another one is clearly better.
    """
    badness = [score.compare_with(scores[0]) for score in scores]
    badness[0] -= MARGIN
    return sorted(range(len(scores)), key=badness.__getitem__)
