"""Whether this web process is about to end, so that waiting requests can end early."""

from collections.abc import Callable

_checks: list[Callable[[], bool]] = []


def tell_ending_by(check: Callable[[], bool]) -> None:
    """Set the check that `is_ending` calls. The web server registers it after its start."""
    _checks[:] = [check]


def is_ending() -> bool:
    """Return whether the web server is stopping; False where no server registered a check."""
    return any(check() for check in _checks)
