"""How large a picture may be, and what opening it may cost."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What `decode` accepts and spends.

    Attributes:
        max_bytes: of the file.
        max_pixels: width x height.
        max_side: longer side, in pixels.
        max_frames: frames counted of an animation; only the first is ever opened.
        max_scans: of a progressive JPEG: each one goes over the whole picture again.
        cpu_seconds, memory_bytes: of the child process that opens the file.
        wall_seconds: after this the child is killed, whatever it does.
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
