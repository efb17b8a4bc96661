"""Free ports, and waiting for the servers that tests start."""

import socket
import time
from collections.abc import Callable

MAX_WAIT_SECONDS = 90.0


def find_free_port() -> int:
    """Return a port on which no server listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def is_listening(port: int) -> bool:
    """Return whether a server listens on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition: Callable[[], bool], description: str) -> None:
    """Wait until `condition` is true; raise RuntimeError with `description` after 90 s."""
    if not is_true_within(condition, MAX_WAIT_SECONDS):
        raise RuntimeError(f"Timed out waiting until {description}")


def is_true_within(condition: Callable[[], bool], seconds: float) -> bool:
    """Return whether `condition` becomes true within this time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True
