"""Looks at the processes of this machine (Linux)."""

import os
import time
from collections.abc import Callable
from pathlib import Path

MAX_WAIT_SECONDS = 60.0


def wait_until(condition: Callable[[], bool], description: str) -> None:
    """Look until it is so; fails with `what` when it never is."""
    end = time.monotonic() + MAX_WAIT_SECONDS
    while not condition():
        assert time.monotonic() < end, f"Waited in vain: {description}"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    """Whether the process is there and not just waiting to be collected."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def find_children(pid: int) -> set[int]:
    """The processes that any of its threads started and that still run."""
    result: list[str] = []
    for thread in Path(f"/proc/{pid}/task").glob("*"):
        try:
            result += (thread / "children").read_text().split()
        except (FileNotFoundError, ProcessLookupError):
            continue
    return {int(child) for child in result if is_running(int(child))}


def find_processes(name: str, value: str) -> dict[int, str]:
    """The command lines of the processes that were started with this variable, by pid."""
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
