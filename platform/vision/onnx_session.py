"""Models that ONNX Runtime runs on the CPU, loaded once per process."""

import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from vision.processors import count_usable_processors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MAX_THREADS = 4  # small models are no faster with more


def is_onnx_installed() -> bool:
    """Return whether `open_onnx_session` can be used here. Imports nothing."""
    return find_spec("onnxruntime") is not None


def open_onnx_session(
    path: Path, max_threads: int = MAX_THREADS, *, keeps_memory: bool = True
) -> "InferenceSession":
    """Return the session of the model file at `path`; open it at the first call in this process.

    Args:
        path: the model.
        max_threads: the model is no faster with more threads.
        keeps_memory: keep the working memory of a run for the next run, which is faster.

    Raises:
        ImportError: ONNX Runtime is not installed.
    """
    threads = min(count_usable_processors(), max_threads)
    return _open(path, threads, keeps_memory, os.getpid())


@lru_cache(maxsize=4)
def _open(path: Path, threads: int, keeps_memory: bool, _process: int) -> "InferenceSession":
    # A session's threads do not survive a fork, so the process id is part of the cache key.
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = keeps_memory
    # Idle threads would spin and take the CPU from other workers.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return InferenceSession(path, options, providers=["CPUExecutionProvider"])
