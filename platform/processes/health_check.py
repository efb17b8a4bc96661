"""The container health check: `python -m processes.health_check` ends with 0 if all is well."""

import os
import sys
from pathlib import Path

from processes.instance import is_alive

FIRST_PROCESS = Path("/proc/1/cmdline")


def main() -> None:
    """A web server must answer; any other role is well for as long as the container lives."""
    if _is_web(FIRST_PROCESS.read_bytes()) and not _answers():
        sys.exit("The web server does not answer")


def _is_web(command: bytes) -> bool:
    """By the container's command, whose last word is the role; none means all roles at once."""
    return command.rstrip(b"\0").rpartition(b"\0")[2] in {b"processes.roles", b"up", b"web"}


def _answers() -> bool:
    address = os.environ.get("VANISH_BIND") or "127.0.0.1"
    return is_alive(address, int(os.environ.get("PORT") or 8000), "localhost")


if __name__ == "__main__":
    main()
