"""The peak memory of this process and of its children (Linux).

`getrusage` cannot be used, because it counts a starting child with the memory of its parent.
"""

import re
import threading
from pathlib import Path
from typing import Self

POLL_SECONDS = 0.02


def read_own_peak() -> int:
    """Return the peak memory of this process in bytes."""
    return _read_peak(Path("/proc/self"))


class ChildPeak:
    """Watches the children that a block starts; `peak` is the most that one used, in bytes.

    Children of children count too, each by itself: the decoder's server forks one for each file.
    """

    def __init__(self) -> None:
        self.peak = 0
        self._others: set[Path] = set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._others = set(_list_children())
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        own = _read_text(Path("/proc/self/cmdline"))
        while not self._ended.wait(POLL_SECONDS):
            for child in set(_list_children()) - self._others:
                # Before a child runs its own program, it is a copy of this process.
                if _read_text(child / "cmdline") not in ("", own):
                    self.peak = max(self.peak, _read_peak(child))


def _list_children(process: Path = Path("/proc/self")) -> list[Path]:
    """Return the process's children and theirs; none if it has ended."""
    try:
        numbers = [_read_text(task / "children") for task in (process / "task").iterdir()]
    except OSError:
        return []
    children = [Path("/proc") / number for number in " ".join(numbers).split()]
    return children + [each for child in children for each in _list_children(child)]


def _read_peak(process: Path) -> int:
    match = re.search(r"^VmHWM:\s+(\d+) kB", _read_text(process / "status"), re.M)
    return int(match[1]) * 1024 if match else 0


def _read_text(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except OSError:
        return ""
