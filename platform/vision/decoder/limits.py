"""Limits on a picture's size and on the cost of opening it."""

from dataclasses import dataclass


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
    max_pixels: int = 70_000_000
    max_side: int = 16_384
    max_frames: int = 10_000
    max_scans: int = 100
    cpu_seconds: int = 30
    memory_bytes: int = 2 * 2**30
    wall_seconds: float = 90.0


DEFAULT_LIMITS = Limits()
