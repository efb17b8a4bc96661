"""Models that ONNX Runtime runs on the CPU, loaded once a process."""

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MOST_THREADS = 4  # small models gain nothing from more


def onnx_session(path: Path) -> "InferenceSession":
    """The session of the model file at `path`, opened at its first use in this process."""
    return _open(path, os.getpid())


@lru_cache(maxsize=4)
def _open(path: Path, _process: int) -> "InferenceSession":
    # A session's threads do not survive a fork, hence the process in the key.
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = min(_usable_cpus(), MOST_THREADS)
    options.inter_op_num_threads = 1
    # Idle threads would spin and take the CPU from other workers.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _usable_cpus() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
