"""The decoder's servers: reused, replaced after any failure."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import bad_images, images
from vision.errors import PictureRejected
from vision.images import (
    DEFAULT_LIMITS,
    Limits,
    Picture,
    decode,
    decoder_children,
    decoder_servers,
    decoding,
)
from vision.images.decoder_children import DecoderChild, start_child
from vision.images.decoder_servers import Pool, Server

pytestmark = [
    pytest.mark.decoder_child,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="processes can't be forked here"),
]


@pytest.fixture(autouse=True)
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    """A pool without servers."""
    pool = Pool()
    monkeypatch.setattr(decoder_children, "_pool", pool)
    yield pool
    pool.end_all()


def get_only_server(pool: Pool) -> Server:
    (server,) = pool._waiting
    return server


def test_one_server_serves_one_picture_after_the_other(pool: Pool) -> None:
    assert decode(images.build_png(30, 20)).width == 30
    first = get_only_server(pool)
    assert decode(images.build_jpeg(50, 40)).width == 50
    assert get_only_server(pool) is first
    assert first.pictures == 2


def test_a_path_is_read_by_the_child_itself(pool: Pool, tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(images.build_png(30, 20))
    assert [decode(path).width for _ in range(2)] == [30, 30]
    assert get_only_server(pool).pictures == 2


def test_a_rejected_picture_does_not_end_the_server(pool: Pool) -> None:
    with pytest.raises(PictureRejected):
        decode(b"no picture")
    server = get_only_server(pool)
    assert decode(images.build_png(30, 20)).width == 30
    assert get_only_server(pool) is server


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(max_scans=10**6, cpu_seconds=1), "decode_timeout"),
        (Limits(max_scans=10**6, wall_seconds=0.5), "decode_timeout"),
    ],
)
def test_a_picture_that_is_ended_does_not_touch_the_next(
    pool: Pool, limits: Limits, code: str
) -> None:
    assert decode(images.build_png(30, 20)).width == 30
    server = get_only_server(pool)
    with pytest.raises(PictureRejected) as caught:
        decode(bad_images.build_jpeg_with_scans(60_000), limits=limits)
    assert caught.value.code == code
    assert server.process.returncode is not None  # waited for: no zombie
    assert decode(images.build_png(30, 20)).width == 30
    assert get_only_server(pool) is not server


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts address space")
def test_each_picture_has_its_own_limits(pool: Pool) -> None:
    large = bad_images.build_png_bomb(8000, 8000)
    with pytest.raises(PictureRejected) as caught:
        decode(large, limits=Limits(memory_bytes=200 * 2**20))
    assert caught.value.code == "decode_memory"
    assert decode(images.build_png(30, 20), limits=DEFAULT_LIMITS).width == 30
    with pytest.raises(PictureRejected) as caught:
        decode(images.build_png(30, 20), limits=Limits(max_side=10))
    assert caught.value.code == "too_many_pixels"


def test_a_server_that_was_killed_is_replaced(pool: Pool) -> None:
    decode(images.build_png(30, 20))
    server = get_only_server(pool)
    os.kill(server.process.pid, signal.SIGKILL)
    time.sleep(0.1)
    assert decode(images.build_png(30, 20)).width == 30
    assert get_only_server(pool) is not server
    assert server.process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("kill", [os.kill, os.killpg], ids=["the server", "with its child"])
def test_a_server_that_is_killed_while_it_works_is_no_fault_of_the_file(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, kill: Callable[[int, int], None]
) -> None:
    decode(images.build_png(30, 20))
    server = get_only_server(pool)
    exchange = decoding._exchange

    def kill_and_exchange(child: DecoderChild, data: bytes, limits: Limits) -> Picture:
        kill(server.process.pid, signal.SIGKILL)
        return exchange(child, data, limits)

    with monkeypatch.context() as patch:
        patch.setattr(decoding, "_exchange", kill_and_exchange)
        with pytest.raises(OSError, match="ended by another program"):
            decode(images.build_png(30, 20))
    assert pool._waiting == []
    assert decode(images.build_png(30, 20)).width == 30


FAILING_FORK = """
import errno, os
from vision.decoder import server

def fail():
    raise OSError(errno.EAGAIN, "no more processes")

os.fork = fail
server.main()
"""


def test_a_server_that_can_fork_nothing_is_no_fault_of_the_file(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = subprocess.Popen
    started: list[subprocess.Popen[bytes]] = []

    def start_failing(command: list[str], **options: Any) -> "subprocess.Popen[bytes]":
        assert command[-2:] == ["-m", "vision.decoder.server"]
        started.append(start([*command[:-2], "-c", FAILING_FORK], **options))
        return started[-1]

    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", start_failing)
        with pytest.raises(OSError, match="could not be started"):
            decode(images.build_png(30, 20))
    assert [server.returncode is None for server in started] == [False]
    assert pool._waiting == []
    assert decode(images.build_png(30, 20)).width == 30


def test_a_server_that_does_not_answer_is_ended(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    decode(images.build_png(30, 20))
    server = get_only_server(pool)
    os.kill(server.process.pid, signal.SIGSTOP)
    monkeypatch.setattr(decoder_servers, "START_SECONDS", 0.2)
    with (tmp_path / "empty").open("w+b") as file:
        assert not server.request(DEFAULT_LIMITS, file.fileno(), file.fileno())
    assert server.process.returncode == -signal.SIGKILL


def test_after_its_end_a_child_does_not_kill_the_server_any_more(pool: Pool) -> None:
    with start_child(None, DEFAULT_LIMITS, decoding._build_environment(os.environ)) as child:
        assert child.input is not None
        child.input.write(images.build_png(30, 20))
        child.input.close()
        assert child.output.read()
        assert child.wait() == 0
    child.kill()  # by a timer that fired late
    server = get_only_server(pool)
    decode(images.build_png(30, 20))
    assert get_only_server(pool) is server


def list_open_files() -> list[str]:
    return sorted(path.name for path in Path("/proc/self/fd").iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_file_stays_open_where_no_pipe_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    make_pipe = os.pipe
    pipes: list[tuple[int, int]] = []

    def make_one_pipe() -> tuple[int, int]:
        if pipes:
            raise OSError(errno.EMFILE, "too many open files")
        pipes.append(make_pipe())
        return pipes[0]

    before = list_open_files()
    monkeypatch.setattr(os, "pipe", make_one_pipe)
    with pytest.raises(OSError, match="too many open files"):
        decode(images.build_png(30, 20))
    assert list_open_files() == before


def test_a_server_is_replaced_after_many_pictures(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoder_children, "MAX_PICTURES", 2)
    decode(images.build_png(30, 20))
    server = get_only_server(pool)
    decode(images.build_png(30, 20))
    assert pool._waiting == []
    assert server.process.returncode == 0


def test_few_servers_wait(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder_servers, "MAX_WAITING", 0)
    decode(images.build_png(30, 20))
    assert pool._waiting == []


def test_without_fork_each_picture_starts_a_process(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(decoder_children, "_CAN_FORK", False)
    path = tmp_path / "photo.png"
    path.write_bytes(images.build_png(30, 20))
    assert decode(path).width == decode(path.read_bytes()).width == 30
    with pytest.raises(PictureRejected) as caught:
        decode(
            bad_images.build_jpeg_with_scans(60_000), limits=Limits(max_scans=10**6, cpu_seconds=1)
        )
    assert caught.value.code == "decode_timeout"
    assert pool._waiting == []
