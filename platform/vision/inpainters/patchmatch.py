"""PatchMatch: fills a hole with pieces of what is around it. Needs no weights.

Barnes, Shechtman, Finkelstein, Goldman: PatchMatch, SIGGRAPH 2009, in the hierarchical form of
Wexler, Shechtman, Irani: Space-Time Completion of Video, PAMI 2007; from the package pypatchmatch.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import numpy as np
from numpy.typing import NDArray

from vision.errors import InpainterFailed
from vision.inpainters import detail
from vision.inpainters.base import hole_in, require_source
from vision.inpainters.scaling import covering, resized, size_within
from vision.progress import Checkpoint, part_of

WORKING_SIDE = 768
# Patches of 7x7: on real photos larger ones took up to four times as long and looked no better.
PATCH_RADIUS = 3
AT_ONCE = 2
"""A child works on one processor; more than two at a time would want too much memory."""
SEED = 1
POLL_SECONDS = 0.1
TIMEOUT_SECONDS = 300.0
CHILD_SHARE = 0.6
"""Of the time, what the child takes; the rest is spent on detail."""

# The levels of its pyramid take about the same time from here down; those above take next to none.
LONG_LEVELS = 5


class PatchMatchInpainter:
    """Fills holes at a working size of at most 768 px; detail is copied from the crop itself.

    The same crop and mask always give the same fill.
    """

    name = "patchmatch"
    at_once = AT_ONCE

    def fill(
        self, crop: NDArray[np.uint8], mask: NDArray[np.uint8], *, checkpoint: Checkpoint
    ) -> NDArray[np.uint8]:
        """See `Inpainter.fill`. Pixels outside the hole come back as they are.

        Raises:
            InpainterFailed: codes inpainter_no_source; inpainter_crashed and inpainter_timeout,
                which may go well another time.
        """
        hole = hole_in(crop, mask)
        height, width = size_within(len(crop), crop.shape[1], WORKING_SIDE)
        small_hole = covering(hole, height, width)
        require_source(small_hole)
        small = resized(crop, height, width)
        filled = _filled_by_child(small, small_hole, part_of(checkpoint, 0, CHILD_SHARE))
        if filled.shape == crop.shape:
            return filled
        rest = part_of(checkpoint, CHILD_SHARE, 1)
        return detail.enlarged(crop, hole, filled, small_hole, rest)


def _filled_by_child(
    picture: NDArray[np.uint8], hole: NDArray[np.bool_], checkpoint: Checkpoint
) -> NDArray[np.uint8]:
    with TemporaryFile() as given, TemporaryFile() as answer, TemporaryFile() as log:
        given.write(picture.tobytes())
        given.write(hole.astype(np.uint8).tobytes())
        given.seek(0)
        with _child(hole.shape, given, answer, log) as process:
            _watch(process, log, checkpoint)
        if process.returncode != 0:
            raise InpainterFailed(
                f"PatchMatch stopped unexpectedly ({_reason(process.returncode, log)}).",
                code="inpainter_crashed",
                permanent=False,
                user_can_mend=False,
            )
        answer.seek(0)
        return np.frombuffer(answer.read(), dtype=np.uint8).reshape(picture.shape)


@contextmanager
def _child(
    size: tuple[int, ...], given: IO[bytes], answer: IO[bytes], log: IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    """The running child; it does not outlive the block, nor, on Linux, this process."""
    numbers = [str(number) for number in (os.getpid(), *size, PATCH_RADIUS, SEED)]
    path = [str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "vision.inpainters.patchmatch_child", *numbers],
        stdin=given,
        stdout=answer,
        stderr=log,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path)},
        # Ctrl-C in a terminal asks the parent to stop, which decides about its child itself.
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _watch(process: subprocess.Popen[bytes], log: IO[bytes], checkpoint: Checkpoint) -> None:
    end = time.monotonic() + TIMEOUT_SECONDS
    share = 0.0
    while True:
        checkpoint(share)
        try:
            process.wait(POLL_SECONDS)
        except subprocess.TimeoutExpired:
            share = max(share, _share_done(log))
        else:
            return
        if time.monotonic() > end:
            raise InpainterFailed(
                f"PatchMatch took longer than {TIMEOUT_SECONDS:.0f} s.",
                code="inpainter_timeout",
                permanent=False,
                user_can_mend=False,
            )


def _share_done(log: IO[bytes]) -> float:
    """How far the child is by the level of the pyramid that it last named; level 0 is the last."""
    levels = re.findall(rb"Inpainting level: (\d+)", _text(log))
    return 1 - min(int(levels[-1]) + 1, LONG_LEVELS) / LONG_LEVELS if levels else 0.0


def _reason(returncode: int, log: IO[bytes]) -> str:
    if returncode < 0:
        return f"signal {-returncode}"
    return _text(log).decode(errors="replace").strip().rpartition("\n")[2]


def _text(log: IO[bytes]) -> bytes:
    # By position: the child writes through the same file offset.
    return os.pread(log.fileno(), 2**20, 0)
