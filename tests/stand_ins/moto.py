"""`moto_server`, the stand-in for SQS, Rekognition, SES and more. It checks no signatures."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from tests.stand_ins.ports import find_free_port, is_listening, wait_for

MAX_STARTS = 3


@contextmanager
def start_server() -> Iterator[str]:
    """Start moto in a separate process and yield its URL."""
    for _ in range(MAX_STARTS):  # another process may take the free port before moto does
        port = find_free_port()
        with tempfile.TemporaryFile() as log:
            server = subprocess.Popen(
                [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                wait_for(lambda: _is_up_or_gone(server, port), "moto answers")  # noqa: B023
                if server.poll() is None:
                    yield f"http://127.0.0.1:{port}"
                    return
            finally:
                _stop(server)
    raise RuntimeError("moto_server did not start")


def _is_up_or_gone(server: "subprocess.Popen[bytes]", port: int) -> bool:
    return server.poll() is not None or is_listening(port)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
