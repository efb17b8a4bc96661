"""Models that LiteRT (the successor of TensorFlow Lite) runs on the CPU, loaded once per process.

LiteRT exists for Linux and for Apple silicon only.
"""

import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.processors import count_usable_processors

MAX_THREADS = 4  # small models are no faster with more


class LiteRtSession:
    """A loaded model with one input."""

    def __init__(self, path: Path, threads: int) -> None:
        """Load the model file at `path`.

        Raises ImportError where LiteRT is not installed, and ValueError if the file is no model.
        """
        from ai_edge_litert.interpreter import Interpreter

        self._interpreter = Interpreter(str(path), num_threads=threads)
        self._interpreter.allocate_tensors()
        self._input: int = self._interpreter.get_input_details()[0]["index"]
        details: list[dict[str, Any]] = self._interpreter.get_output_details()
        self._outputs: dict[str, int] = {each["name"]: each["index"] for each in details}
        # The interpreter owns one set of tensors, so one run at a time.
        self._is_running = Lock()

    def run(self, value: NDArray[Any]) -> dict[str, NDArray[np.float32]]:
        """Return the outputs by name. `value`: the input, with the model's shape and dtype."""
        with self._is_running:
            self._interpreter.set_tensor(self._input, value)
            self._interpreter.invoke()
            return {
                name: self._interpreter.get_tensor(index) for name, index in self._outputs.items()
            }


def is_litert_installed() -> bool:
    """Return whether `open_litert_session` can be used here. Imports nothing."""
    return find_spec("ai_edge_litert") is not None


def open_litert_session(path: Path) -> LiteRtSession:
    """Return the session of the model file at `path`; open it at the first call in this process.

    Raises as `LiteRtSession` does.
    """
    return _open(path, min(count_usable_processors(), MAX_THREADS), os.getpid())


@lru_cache(maxsize=4)
def _open(path: Path, threads: int, _process: int) -> LiteRtSession:
    # A session's threads do not survive a fork, so the process id is part of the cache key.
    return LiteRtSession(path, threads)
