"""The most memory that this process held, and that any child of it held (Linux).

getrusage tells neither: a child that is just starting counts with all that its parent holds.
"""

import re
import threading
from pathlib import Path
from typing import Self

LOOK_SECONDS = 0.02


def own_peak() -> int:
    """Bytes."""
    return _peak(Path("/proc/self"))


class ChildPeak:
    """Looks at the children that a block starts; `peak` is the most that one held, in bytes.

    Children of children do not count.
    """

    def __init__(self) -> None:
        self.peak = 0
        self._others: set[Path] = set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._others = set(_children())
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        own = _text(Path("/proc/self/cmdline"))
        while not self._ended.wait(LOOK_SECONDS):
            for child in set(_children()) - self._others:
                # Before it runs its own program, a child is a picture of this process.
                if _text(child / "cmdline") not in ("", own):
                    self.peak = max(self.peak, _peak(child))


def _children() -> list[Path]:
    numbers = [_text(task / "children") for task in Path("/proc/self/task").iterdir()]
    return [Path("/proc") / number for number in " ".join(numbers).split()]


def _peak(process: Path) -> int:
    found = re.search(r"^VmHWM:\s+(\d+) kB", _text(process / "status"), re.M)
    return int(found[1]) * 1024 if found else 0


def _text(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except OSError:
        return ""
