"""PatchMatch in its child process, on small pictures and on a real photo."""

import fcntl
import os
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from vision.errors import Cancelled, InpainterFailed
from vision.inpainters.patchmatch import PatchMatchInpainter, process
from vision.progress import ignore_progress

INPAINTER = PatchMatchInpainter()

DEADLINE_SECONDS = 60.0
# Starts the child process on its own standard input and output, prints a line, and waits.
PARENT = """
import sys, time
from vision.inpainters.patchmatch.process import _run_child
with _run_child(1, sys.stdin.buffer, sys.stdout.buffer, sys.stderr.buffer):
    print("started", flush=True)
    time.sleep(600)
"""
linux_only = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux signals the end of a parent"
)


def build_stripes(height: int, width: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return four vertical stripes with a red box on the middle ones, and the box's mask."""
    stripes = np.arange(width) * 4 // width % 2
    picture = np.empty((height, width, 3), dtype=np.uint8)
    picture[:] = np.where(stripes[:, np.newaxis], (30, 60, 200), (220, 210, 40))
    mask = np.zeros((height, width), dtype=np.uint8)
    mask[height * 2 // 5 : height * 3 // 5, width * 2 // 5 : width * 3 // 5] = 255
    picture[mask > 0] = (255, 0, 0)
    return picture, mask


def has_stripes(filled: NDArray[np.uint8], mask: NDArray[np.uint8]) -> bool:
    """Return whether the stripes continue through the hole, except at their borders."""
    expected = np.broadcast_to(filled[0], filled.shape)
    error = np.abs(filled[mask > 0].astype(int) - expected[mask > 0]).max(axis=1)
    return bool((error < 8).mean() > 0.9)


@pytest.fixture
def child_processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The child processes that the test has started; all must have ended after it."""
    started: list[subprocess.Popen[bytes]] = []
    original_init = subprocess.Popen.__init__

    def record_start(
        process: subprocess.Popen[bytes], *arguments: object, **keywords: object
    ) -> None:
        started.append(process)
        original_init(process, *arguments, **keywords)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess.Popen, "__init__", record_start)
    yield started
    assert all(process.returncode is not None for process in started)


def test_stripes_continue_through_the_hole() -> None:
    picture, mask = build_stripes(96, 128)
    filled = INPAINTER.fill(picture, mask, checkpoint=ignore_progress)
    assert (filled[mask == 0] == picture[mask == 0]).all()
    assert not has_stripes(picture, mask)
    assert has_stripes(filled, mask)


def test_a_picture_larger_than_the_working_size_is_filled() -> None:
    picture, mask = build_stripes(700, 1900)
    filled = INPAINTER.fill(picture, mask, checkpoint=ignore_progress)
    assert filled.shape == picture.shape
    assert (filled[mask == 0] == picture[mask == 0]).all()
    assert has_stripes(filled, mask)


def test_the_same_input_gives_the_same_fill() -> None:
    picture = np.random.default_rng(3).integers(0, 256, (60, 60, 3), dtype=np.uint8)
    mask = np.zeros((60, 60), dtype=np.uint8)
    mask[20:40, 20:40] = 255
    first = INPAINTER.fill(picture, mask, checkpoint=ignore_progress)
    assert (first == INPAINTER.fill(picture, mask, checkpoint=ignore_progress)).all()
    picture[mask > 0] = 0
    assert (first == INPAINTER.fill(picture, mask, checkpoint=ignore_progress)).all()


@pytest.mark.parametrize("size", [(40, 40), (1, 1), (1000, 1000)])
def test_a_picture_of_nothing_but_hole_is_refused(size: tuple[int, int]) -> None:
    picture = np.zeros((*size, 3), dtype=np.uint8)
    with pytest.raises(InpainterFailed) as caught:
        INPAINTER.fill(picture, np.full(size, 255, dtype=np.uint8), checkpoint=ignore_progress)
    assert caught.value.code == "inpainter_no_source"
    assert caught.value.permanent


def test_one_pixel_of_source_is_enough() -> None:
    picture = np.full((24, 24, 3), 9, dtype=np.uint8)
    picture[0, 0] = (1, 2, 3)
    mask = np.full((24, 24), 255, dtype=np.uint8)
    mask[0, 0] = 0
    assert INPAINTER.fill(picture, mask, checkpoint=ignore_progress).shape == picture.shape


def test_arrays_of_the_wrong_shape_are_refused() -> None:
    picture, mask = build_stripes(40, 40)
    with pytest.raises(ValueError, match="crop must be"):
        INPAINTER.fill(picture[:, :, 0], mask, checkpoint=ignore_progress)
    with pytest.raises(ValueError, match="mask must be"):
        INPAINTER.fill(picture, mask[1:], checkpoint=ignore_progress)


def test_progress_rises() -> None:
    picture, mask = build_stripes(500, 500)
    shares: list[float] = []
    INPAINTER.fill(picture, mask, checkpoint=shares.append)
    assert shares[0] == 0
    assert shares == sorted(shares)
    assert shares[-1] <= 1


def test_cancelling_kills_the_child_process(child_processes: list[subprocess.Popen[bytes]]) -> None:
    def stop(_share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        INPAINTER.fill(*build_stripes(300, 300), checkpoint=stop)
    assert [process.returncode for process in child_processes] == [-signal.SIGKILL]


def test_a_killed_child_process_is_a_temporary_error(
    child_processes: list[subprocess.Popen[bytes]],
) -> None:
    def kill(_share: float) -> None:
        child_processes[0].kill()

    with pytest.raises(InpainterFailed, match="signal 9") as caught:
        INPAINTER.fill(*build_stripes(300, 300), checkpoint=kill)
    assert caught.value.code == "inpainter_crashed"
    assert not caught.value.permanent


def test_the_error_of_a_child_process_is_reported(
    monkeypatch: pytest.MonkeyPatch, child_processes: list[subprocess.Popen[bytes]]
) -> None:
    monkeypatch.setattr(process, "PATCH_RADIUS", 0)
    with pytest.raises(InpainterFailed, match="patch_size must be") as caught:
        INPAINTER.fill(*build_stripes(40, 40), checkpoint=ignore_progress)
    assert caught.value.code == "inpainter_crashed"


def test_a_child_process_that_hangs_is_killed(
    monkeypatch: pytest.MonkeyPatch, child_processes: list[subprocess.Popen[bytes]]
) -> None:
    monkeypatch.setattr(process, "TIMEOUT_SECONDS", 0.0)

    def freeze(_share: float) -> None:
        child_processes[0].send_signal(signal.SIGSTOP)

    with pytest.raises(InpainterFailed) as caught:
        INPAINTER.fill(*build_stripes(300, 300), checkpoint=freeze)
    assert caught.value.code == "inpainter_timeout"
    assert not caught.value.permanent


@linux_only
def test_the_child_process_ends_when_its_parent_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(process.__file__).parents[3])},
    ) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        try:
            assert parent.stdout.readline() == b"started\n"
            parent.stdin.write(b"0")
            parent.stdin.flush()
            wait_until_read(parent.stdin.fileno())
        finally:
            parent.kill()
        # Only the child process still has the other end open, and its input does not end.
        assert select.select([parent.stdout], [], [], DEADLINE_SECONDS)[0]
        assert parent.stdout.read() == b""


def wait_until_read(pipe: int) -> None:
    end = time.monotonic() + DEADLINE_SECONDS
    while fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)) != bytes(4):
        assert time.monotonic() < end, "the child does not read"
        time.sleep(0.01)


@linux_only
def test_a_child_process_without_its_parent_does_not_start() -> None:
    other_process = str(os.getppid())
    child = subprocess.run(
        [
            sys.executable,
            "-m",
            "vision.inpainters.patchmatch_child",
            other_process,
            "3",
            "1",
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=os.environ | {"PYTHONPATH": str(Path(process.__file__).parents[3])},
        check=False,
    )
    assert child.returncode == 1
    assert child.stderr.strip() == b"the parent is gone"


def test_the_dog_is_removed_from_its_bench(photos: Path) -> None:
    picture = np.asarray(Image.open(photos / "iopaint_bench_dog.png").convert("RGB"))
    hand_mask = np.asarray(Image.open(photos / "iopaint_bench_dog_mask.png").convert("L"))
    mask = np.where(hand_mask > 127, 255, 0).astype(np.uint8)
    filled = INPAINTER.fill(picture, mask, checkpoint=ignore_progress)
    assert (filled[mask == 0] == picture[mask == 0]).all()
    # The dog is far lighter than the bench and the grass behind it.
    light = (picture[mask > 0] > 180).all(axis=1).mean()
    assert light > 0.1
    assert (filled[mask > 0] > 180).all(axis=1).mean() < light / 4
