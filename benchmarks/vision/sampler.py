"""Where a thread spends its time, by looking at it again and again: it is not slowed down.

The standard library's tracing profiler loses the callers of what runs beside other threads.
"""

import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from types import FrameType
from typing import Self

LOOK_SECONDS = 0.002
ELSEWHERE = "outside"


class Sampler:
    """Looks at the thread that opens the block until it ends.

    Args:
        ours: a part of the path of the files whose functions are told apart; the time of whatever
            they call outside of these files is theirs.

    Attributes:
        seconds: by `module.function`.
    """

    def __init__(self, ours: str) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._ours = ours
        self._watched = threading.get_ident()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        last = time.perf_counter()
        while not self._ended.wait(LOOK_SECONDS):
            # What holds the interpreter delays this look: its time counts in full all the same.
            now = time.perf_counter()
            self.seconds[self._where(sys._current_frames().get(self._watched))] += now - last  # noqa: SLF001
            last = now

    def _where(self, frame: FrameType | None) -> str:
        while frame is not None:
            code = frame.f_code
            if self._ours in code.co_filename:
                return f"{Path(code.co_filename).stem}.{code.co_name}"
            frame = frame.f_back
        return ELSEWHERE
