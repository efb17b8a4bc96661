"""The decoder's servers: reused, replaced after any failure, gone with their process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import bad_images, images
from vision.errors import PictureRejected
from vision.images import DEFAULT_LIMITS, Limits, decode, decoder_children
from vision.images.decoder_children import _Pool, _Server

pytestmark = [
    pytest.mark.decoder_child,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="processes can't be forked here"),
]
PLATFORM = Path(decoder_children.__file__).parents[2]


@pytest.fixture(autouse=True)
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Pool]:
    """A pool without servers."""
    pool = _Pool()
    monkeypatch.setattr(decoder_children, "_pool", pool)
    yield pool
    pool.end_all()


def get_only_server(pool: _Pool) -> _Server:
    (server,) = pool._waiting
    return server


def test_one_server_serves_one_picture_after_the_other(pool: _Pool) -> None:
    assert decode(images.build_png(30, 20)).width == 30
    first = get_only_server(pool)
    assert decode(images.build_jpeg(50, 40)).width == 50
    assert get_only_server(pool) is first
    assert first.pictures == 2


def test_a_path_is_read_by_the_child_itself(pool: _Pool, tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(images.build_png(30, 20))
    assert [decode(path).width for _ in range(2)] == [30, 30]
    assert get_only_server(pool).pictures == 2


def test_a_rejected_picture_does_not_end_the_server(pool: _Pool) -> None:
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
    pool: _Pool, limits: Limits, code: str
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
def test_each_picture_has_its_own_limits(pool: _Pool) -> None:
    large = bad_images.build_png_bomb(8000, 8000)
    with pytest.raises(PictureRejected) as caught:
        decode(large, limits=Limits(memory_bytes=200 * 2**20))
    assert caught.value.code == "decode_memory"
    assert decode(images.build_png(30, 20), limits=DEFAULT_LIMITS).width == 30
    with pytest.raises(PictureRejected) as caught:
        decode(images.build_png(30, 20), limits=Limits(max_side=10))
    assert caught.value.code == "too_many_pixels"


def test_a_server_that_was_killed_is_replaced(pool: _Pool) -> None:
    decode(images.build_png(30, 20))
    server = get_only_server(pool)
    os.kill(server.process.pid, signal.SIGKILL)
    time.sleep(0.1)
    assert decode(images.build_png(30, 20)).width == 30
    assert get_only_server(pool) is not server
    assert server.process.returncode == -signal.SIGKILL


def test_a_server_is_replaced_after_many_pictures(
    pool: _Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoder_children, "MAX_PICTURES", 2)
    decode(images.build_png(30, 20))
    server = get_only_server(pool)
    decode(images.build_png(30, 20))
    assert pool._waiting == []
    assert server.process.returncode == 0


def test_few_servers_wait(pool: _Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder_children, "MAX_WAITING", 0)
    decode(images.build_png(30, 20))
    assert pool._waiting == []


def test_without_fork_each_picture_starts_a_process(
    pool: _Pool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
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


USE = """
import os, signal, sys
from pathlib import Path
from vision.images import decode, decoder_children

photo = Path(sys.argv[1])

def get_pid():
    (server,) = decoder_children._pool._waiting
    return server.process.pid

decode(photo)
own = get_pid()
"""
FORK = """
child = os.fork()
if child == 0:
    assert not decoder_children._pool._waiting
    decode(photo)
    assert get_pid() != own
    decoder_children._pool.end_all()
    os._exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
decode(photo)
assert get_pid() == own
print(own)
"""


def run_script(folder: Path, script: str) -> "subprocess.CompletedProcess[str]":
    (folder / "photo.png").write_bytes(images.build_png(30, 20))
    return subprocess.run(
        [sys.executable, "-P", "-W", "error", "-c", script, folder / "photo.png"],
        env=os.environ | {"PYTHONPATH": str(PLATFORM)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def is_running(pid: int) -> bool:
    """Return whether the process exists and has not ended; an orphan may wait for init."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except FileNotFoundError:
        return False


def wait_for_end(pid: int) -> bool:
    for _ in range(100):
        if not is_running(pid):
            return True
        time.sleep(0.05)
    return False


def test_a_forked_process_has_servers_of_its_own(tmp_path: Path) -> None:
    result = run_script(tmp_path, USE + FORK)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    ("ending", "status"),
    [
        ("print(own)", 0),
        ("print(own, flush=True); os._exit(0)", 0),
        ("print(own, flush=True); os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
    ],
)
def test_a_server_ends_with_its_process(tmp_path: Path, ending: str, status: int) -> None:
    result = run_script(tmp_path, USE + ending)
    assert (result.returncode, result.stderr) == (status, "")
    assert wait_for_end(int(result.stdout))
