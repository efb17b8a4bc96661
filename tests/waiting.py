"""Waits for conditions and finds processes of this machine (Linux)."""

import os
import time
from collections.abc import Callable
from pathlib import Path

MAX_WAIT_SECONDS = 60.0


def wait_until(condition: Callable[[], bool], description: str) -> None:
    """Wait until `condition` is true; fail with `description` after a minute."""
    end = time.monotonic() + MAX_WAIT_SECONDS
    while not condition():
        assert time.monotonic() < end, f"Timed out waiting until {description}"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    """Return whether the process exists and is no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def find_children(pid: int) -> set[int]:
    """Return the running processes that any thread of `pid` started."""
    result: list[str] = []
    for thread in Path(f"/proc/{pid}/task").glob("*"):
        try:
            result += (thread / "children").read_text().split()
        except (FileNotFoundError, ProcessLookupError):
            continue
    return {int(child) for child in result if is_running(int(child))}


def find_processes(name: str, value: str) -> dict[int, str]:
    """Return pid to command line of the processes that were started with this variable."""
    entry = f"{name}={value}".encode()
    result = {}
    for folder in Path("/proc").glob("[0-9]*"):
        pid = int(folder.name)
        try:
            variables = (folder / "environ").read_bytes().split(b"\0")
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        except OSError:
            continue
        if entry in variables and pid != os.getpid() and is_running(pid):
            result[pid] = command
    return result
