"""How long work tells how far it is, and how it is stopped."""

from collections.abc import Callable

Checkpoint = Callable[[float], None]
"""Called with the share done (0..1) between steps; it may raise `vision.errors.Cancelled`."""


def unwatched(share: float) -> None:
    """The checkpoint of work that nobody watches."""


def part_of(checkpoint: Checkpoint, start: float, end: float) -> Checkpoint:
    """A checkpoint for one step of a longer work: its 0..1 become start..end of `checkpoint`."""

    def report(share: float) -> None:
        checkpoint(start + (end - start) * min(max(share, 0.0), 1.0))

    return report
