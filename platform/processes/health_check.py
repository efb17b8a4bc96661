"""The container's health check: `python -m processes.health_check` ends with 0 if it is healthy."""

import os
import sys
from pathlib import Path

from processes.instance import is_alive

FIRST_PROCESS = Path("/proc/1/cmdline")


def main() -> None:
    """Exit with an error when the web server does not respond.

    A container of another role is healthy as long as it runs.
    """
    if _is_web(FIRST_PROCESS.read_bytes()) and not _is_responding():
        sys.exit("The web server does not respond")


def _is_web(command: bytes) -> bool:
    """Return whether the container runs a web server.

    The last word of its command is the role; without a role the container runs everything.
    """
    return command.rstrip(b"\0").rpartition(b"\0")[2] in {b"processes.roles", b"up", b"web"}


def _is_responding() -> bool:
    address = os.environ.get("VANISH_BIND") or "127.0.0.1"
    return is_alive(address, int(os.environ.get("PORT") or 8000), "localhost")


if __name__ == "__main__":
    main()
