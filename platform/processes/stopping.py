"""Whether this web process is about to end: whoever waits in it gives up then."""

from collections.abc import Callable

_is_ending: list[Callable[[], bool]] = []


def tell_ending_by(is_ending: Callable[[], bool]) -> None:
    """Called by the server once it is up, with what says whether it is told to stop."""
    _is_ending[:] = [is_ending]


def is_ending() -> bool:
    """Whether the server has been told to stop; False where no server has said how to know."""
    return any(tells() for tells in _is_ending)
