"""The memory that a group of processes uses together (Linux)."""

import re
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

POLL_SECONDS = 0.1


class PeakMemory:
    """Watches processes while a block runs; `peak` is the most they used together, in bytes.

    Pages that several processes share are counted once (proportional set size).
    """

    def __init__(self, pids: Callable[[], Iterable[int]]) -> None:
        self.peak = 0
        self._pids = pids
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            used = sum(_read_proportional_bytes(pid) for pid in self._pids())
            self.peak = max(self.peak, used)
            if self._ended.wait(POLL_SECONDS):
                return


def _read_proportional_bytes(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    match = re.search(r"^Pss:\s+(\d+) kB", rollup, re.M)
    return int(match[1]) * 1024 if match else 0
