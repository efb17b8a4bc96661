"""Limits on a picture's size and on the cost of opening it."""

from dataclasses import dataclass, replace
from typing import Self

_BASE_BYTES, _BYTES_PER_PIXEL = 2**30, 16  # docs/configuration.md has the measurements


def compute_memory_bytes(max_pixels: int) -> int:
    """Return the memory in which pictures of all kinds with so many pixels can be opened."""
    return _BASE_BYTES + _BYTES_PER_PIXEL * max_pixels


@dataclass(frozen=True)
class Limits:
    """The largest file that `decode` accepts, and the resources it may use.

    Attributes:
        max_bytes: size of the file.
        max_pixels: width x height.
        max_side: longer side, in pixels.
        max_frames: frames of an animation that are counted; only the first is ever opened.
        max_scans: scans of a progressive JPEG, each of which covers the whole picture again.
        cpu_seconds, memory_bytes: limits of the child process that opens the file.
        wall_seconds: the child process is killed after this time.
    """

    max_bytes: int = 80 * 2**20
    max_pixels: int = 120_000_000
    max_side: int = 30_000
    max_frames: int = 10_000
    max_scans: int = 100
    cpu_seconds: int = 30
    memory_bytes: int = compute_memory_bytes(120_000_000)
    wall_seconds: float = 90.0

    def admit_size(self, width: int, height: int) -> Self:
        """Return these limits, widened so far that a picture of this size may be opened."""
        return replace(
            self,
            max_pixels=max(self.max_pixels, width * height),
            max_side=max(self.max_side, width, height),
        )


DEFAULT_LIMITS = Limits()
