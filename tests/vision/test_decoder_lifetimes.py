"""The decoder's servers belong to one process, and end with it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import images
from vision.images import decoder_children

pytestmark = [
    pytest.mark.decoder_child,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="processes can't be forked here"),
]
PLATFORM = Path(decoder_children.__file__).parents[2]

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
