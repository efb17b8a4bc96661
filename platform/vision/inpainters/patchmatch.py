"""PatchMatch: fills a hole with pieces of its surroundings. Needs no weights.

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
from vision.inpainters.base import require_source, to_hole
from vision.inpainters.scaling import fit_size, resize_hole, resize_picture
from vision.progress import Checkpoint, scale_checkpoint

WORKING_SIDE = 768
# Patches of 7x7: on real photos, larger ones took up to four times as long and looked no better.
PATCH_RADIUS = 3
MAX_PARALLEL_REGIONS = 2
"""A child uses one processor; more than two in parallel would need too much memory."""
SEED = 1
POLL_SECONDS = 0.1
TIMEOUT_SECONDS = 300.0
CHILD_SHARE = 0.6
"""The child's share of the time; the rest is spent on detail."""

# The last levels of its pyramid take about the same time each; those before take almost none.
LONG_LEVELS = 5


class PatchMatchInpainter:
    """Fills holes at a working size of at most 768 px; detail is copied from the crop itself.

    The same crop and mask always give the same fill.
    """

    name = "patchmatch"
    max_parallel_regions = MAX_PARALLEL_REGIONS

    def fill(
        self, crop: NDArray[np.uint8], mask: NDArray[np.uint8], *, checkpoint: Checkpoint
    ) -> NDArray[np.uint8]:
        """See `Inpainter.fill`. Pixels outside the hole are returned unchanged.

        Raises:
            InpainterFailed: codes inpainter_no_source; inpainter_crashed and inpainter_timeout,
                where another attempt may succeed.
        """
        hole = to_hole(crop, mask)
        height, width = fit_size(len(crop), crop.shape[1], WORKING_SIDE)
        small_hole = resize_hole(hole, height, width)
        require_source(small_hole)
        small = resize_picture(crop, height, width)
        fill = _fill_in_child(small, small_hole, scale_checkpoint(checkpoint, 0, CHILD_SHARE))
        if fill.shape == crop.shape:
            return fill
        rest = scale_checkpoint(checkpoint, CHILD_SHARE, 1)
        return detail.enlarge_fill(crop, hole, fill, small_hole, rest)


def _fill_in_child(
    picture: NDArray[np.uint8], hole: NDArray[np.bool_], checkpoint: Checkpoint
) -> NDArray[np.uint8]:
    """Fill the hole of a picture [h,w,3] in a child process; return the picture."""
    with TemporaryFile() as input_file, TemporaryFile() as output_file, TemporaryFile() as log:
        input_file.write(picture.tobytes())
        input_file.write(hole.astype(np.uint8).tobytes())
        input_file.seek(0)
        with _run_child(hole.shape, input_file, output_file, log) as process:
            _wait_for(process, log, checkpoint)
        if process.returncode != 0:
            raise InpainterFailed(
                f"PatchMatch stopped unexpectedly ({_describe_exit(process.returncode, log)}).",
                code="inpainter_crashed",
                permanent=False,
                user_can_fix=False,
            )
        output_file.seek(0)
        return np.frombuffer(output_file.read(), dtype=np.uint8).reshape(picture.shape)


@contextmanager
def _run_child(
    size: tuple[int, ...], input_file: IO[bytes], output_file: IO[bytes], log: IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run the child process for the duration of a `with` block.

    It ends with the block and, on Linux, with this process.
    """
    numbers = [str(number) for number in (os.getpid(), *size, PATCH_RADIUS, SEED)]
    path = [str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
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


def _wait_for(process: subprocess.Popen[bytes], log: IO[bytes], checkpoint: Checkpoint) -> None:
    """Wait for the child and report its progress; raise InpainterFailed at the time limit."""
    end = time.monotonic() + TIMEOUT_SECONDS
    share = 0.0
    while True:
        checkpoint(share)
        try:
            process.wait(POLL_SECONDS)
        except subprocess.TimeoutExpired:
            share = max(share, _read_share_done(log))
        else:
            return
        if time.monotonic() > end:
            raise InpainterFailed(
                f"PatchMatch took longer than {TIMEOUT_SECONDS:.0f} s.",
                code="inpainter_timeout",
                permanent=False,
                user_can_fix=False,
            )


def _read_share_done(log: IO[bytes]) -> float:
    """Return the child's progress by the pyramid level it logged last; level 0 is the last one."""
    levels = re.findall(rb"Inpainting level: (\d+)", _read_log(log))
    return 1 - min(int(levels[-1]) + 1, LONG_LEVELS) / LONG_LEVELS if levels else 0.0


def _describe_exit(returncode: int, log: IO[bytes]) -> str:
    """Return the signal that ended the child, or the last line of its log."""
    if returncode < 0:
        return f"signal {-returncode}"
    return _read_log(log).decode(errors="replace").strip().rpartition("\n")[2]


def _read_log(log: IO[bytes]) -> bytes:
    """Return the child's log."""
    # Read by position: the child writes through the same file offset.
    return os.pread(log.fileno(), 2**20, 0)
