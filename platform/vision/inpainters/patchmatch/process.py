"""The child process that runs PatchMatch, and its progress, limits and errors."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import numpy as np
from numpy.typing import NDArray

from vision.errors import InpainterFailed
from vision.inpainters.patchmatch_child.tasks import FILL_DONE, Task
from vision.progress import Checkpoint

# Patches of 7x7: on real photos, larger ones took up to four times as long and looked no better.
PATCH_RADIUS = 3
POLL_SECONDS = 0.1
TIMEOUT_SECONDS = 300.0
# The last levels of its pyramid take about the same time each; those before take almost none.
LONG_LEVELS = 5


def fill_in_child(tasks: Sequence[Task], checkpoint: Checkpoint) -> list[NDArray[np.uint8]]:
    """Carry out the tasks one after the other in one child process; return the filled pictures.

    Raises:
        InpainterFailed: codes inpainter_crashed and inpainter_timeout; another attempt may succeed.
    """
    with TemporaryFile() as input_file, TemporaryFile() as output_file, TemporaryFile() as log:
        for task in tasks:
            task.write_to(input_file)
        input_file.seek(0)
        with _run_child(len(tasks), input_file, output_file, log) as process:
            _wait_for(process, len(tasks), log, checkpoint)
        if process.returncode != 0:
            raise InpainterFailed(
                f"PatchMatch stopped unexpectedly ({_describe_exit(process.returncode, log)}).",
                code="inpainter_crashed",
                permanent=False,
                user_can_fix=False,
            )
        output_file.seek(0)
        return [np.load(output_file) for _ in tasks]


@contextmanager
def _run_child(
    count: int, input_file: IO[bytes], output_file: IO[bytes], log: IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run the child process for the duration of a `with` block.

    It ends with the block and, on Linux, with this process.
    """
    numbers = [str(number) for number in (os.getpid(), PATCH_RADIUS, count)]
    path = [str(Path(__file__).parents[3]), *filter(None, [os.environ.get("PYTHONPATH")])]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "vision.inpainters.patchmatch_child", *numbers],
        stdin=input_file,
        stdout=output_file,
        stderr=log,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path)},
        # Ctrl-C in a terminal must reach the parent only, which stops its child itself.
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _wait_for(
    process: subprocess.Popen[bytes], count: int, log: IO[bytes], checkpoint: Checkpoint
) -> None:
    """Wait for the child and report its progress; raise InpainterFailed at the time limit."""
    end = time.monotonic() + TIMEOUT_SECONDS * count
    share = 0.0
    while True:
        checkpoint(share)
        try:
            process.wait(POLL_SECONDS)
        except subprocess.TimeoutExpired:
            share = max(share, _read_share_done(log, count))
        else:
            return
        if time.monotonic() > end:
            raise InpainterFailed(
                f"PatchMatch took longer than {TIMEOUT_SECONDS * count:.0f} s.",
                code="inpainter_timeout",
                permanent=False,
                user_can_fix=False,
            )


def _read_share_done(log: IO[bytes], count: int) -> float:
    """Return the child's progress by the pyramid level it logged last; level 0 is the last one."""
    done, last = _split_log(_read_log(log))
    levels = re.findall(rb"Inpainting level: (\d+)", last)
    part = 1 - min(int(levels[-1]) + 1, LONG_LEVELS) / LONG_LEVELS if levels else 0.0
    return min((done + part) / count, 1.0)


def _split_log(text: bytes) -> tuple[int, bytes]:
    """Return the number of fills that are done, and the log of the one after these."""
    parts = text.split(FILL_DONE.encode())
    return len(parts) - 1, parts[-1]


def _describe_exit(returncode: int, log: IO[bytes]) -> str:
    """Return the signal that ended the child, or the last line of its log."""
    if returncode < 0:
        return f"signal {-returncode}"
    return _read_log(log).decode(errors="replace").strip().rpartition("\n")[2]


def _read_log(log: IO[bytes]) -> bytes:
    """Return the child's log."""
    # Read by position: the child writes through the same file offset.
    return os.pread(log.fileno(), 2**20, 0)
