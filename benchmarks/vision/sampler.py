"""A sampling profiler of one thread, which it does not slow down.

The standard library's tracing profiler loses callers when other threads run at the same time.
"""

import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from types import FrameType
from typing import Self

SAMPLE_SECONDS = 0.002
ELSEWHERE = "outside"


class Sampler:
    """Samples the thread that enters the block until the block ends.

    Args:
        own_path: a part of the path of the files whose functions are listed; the time of functions
            outside these files counts for the listed function that calls them.

    Attributes:
        seconds: the time of each function, by `module.function`.
    """

    def __init__(self, own_path: str) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._own_path = own_path
        self._watched = threading.get_ident()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        last = time.perf_counter()
        while not self._ended.wait(SAMPLE_SECONDS):
            # A function that holds the interpreter delays this sample; its time is counted in full.
            now = time.perf_counter()
            frame = sys._current_frames().get(self._watched)  # noqa: SLF001
            self.seconds[self._name_function(frame)] += now - last
            last = now

    def _name_function(self, frame: FrameType | None) -> str:
        while frame is not None:
            code = frame.f_code
            if self._own_path in code.co_filename:
                return f"{Path(code.co_filename).stem}.{code.co_name}"
            frame = frame.f_back
        return ELSEWHERE
