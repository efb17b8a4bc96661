"""How long work reports its progress, and how it is cancelled."""

from collections.abc import Callable

Checkpoint = Callable[[float], None]
"""Called with the share done (0..1) between steps; it may raise `vision.errors.Cancelled`."""


def ignore_progress(share: float) -> None:
    """Do nothing: the checkpoint of work whose progress nobody needs."""


def scale_checkpoint(checkpoint: Checkpoint, start: float, end: float) -> Checkpoint:
    """Return a checkpoint for one step of longer work: maps 0..1 to start..end of `checkpoint`."""

    def report(share: float) -> None:
        checkpoint(start + (end - start) * min(max(share, 0.0), 1.0))

    return report
