"""What the child process of PatchMatch is given to do."""

from dataclasses import dataclass
from typing import IO, Self

import numpy as np
from numpy.typing import NDArray

FILL_DONE = "Fill done\n"
"""The child writes it to its log after each task."""


@dataclass(frozen=True, eq=False)
class Task:
    """One fill.

    Attributes:
        picture: [h,w,3] uint8 RGB.
        hole: [h,w] bool, what is filled.
        blocked: [h,w] bool, what is neither filled nor copied.
        seed: of the random search.
        angle: the direction in radians in which lines continue; None: no line is preferred.
    """

    picture: NDArray[np.uint8]
    hole: NDArray[np.bool_]
    blocked: NDArray[np.bool_]
    seed: int
    angle: float | None

    def write_to(self, stream: IO[bytes]) -> None:
        """Write the task, as four arrays in NumPy's format."""
        settings = np.array([self.seed, np.nan if self.angle is None else self.angle])
        for array in (self.picture, self.hole, self.blocked, settings):
            np.save(stream, np.ascontiguousarray(array))

    @classmethod
    def read_from(cls, stream: IO[bytes]) -> Self:
        """Read a task that `write_to` has written."""
        picture, hole, blocked, (seed, angle) = (np.load(stream) for _ in range(4))
        return cls(picture, hole, blocked, int(seed), None if np.isnan(angle) else float(angle))
