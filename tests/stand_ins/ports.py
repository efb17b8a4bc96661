"""Ports and waiting, for servers that are started by hand."""

import socket
import time
from collections.abc import Callable

MAX_WAIT_SECONDS = 90.0


def find_free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def is_listening(port: int) -> bool:
    """Whether something listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition: Callable[[], bool], description: str) -> None:
    """Look until it is so; RuntimeError with `what` when it never is."""
    if not is_true_within(condition, MAX_WAIT_SECONDS):
        raise RuntimeError(f"Waited in vain: {description}")


def is_true_within(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether it becomes so within that time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True
