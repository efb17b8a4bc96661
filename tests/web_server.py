"""The web server alone, without workers, started as the platform starts it."""

import json
import subprocess
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self

from processes.instance import is_alive
from processes.programs import ROOT, build_environment, web
from tests.installation import STOP_SECONDS
from tests.stand_ins.ports import find_free_port
from tests.waiting import wait_until

HOST = "127.0.0.1"


class WebServer:
    """Gunicorn on a free port, with its own data folder and JSON lines as its log.

    Args:
        folder: the folder for its data and its log.
        options: more options of gunicorn.
        variables: more environment variables.
    """

    def __init__(self, folder: Path, *options: str, **variables: str) -> None:
        self.port = find_free_port()
        self._log = folder / "web.log"
        self._command = [*web().build_command(), *options]
        own = {
            "VANISH_DATA_DIR": str(folder / "data"),
            "PORT": str(self.port),
            "VANISH_LOG_FORMAT": "json",
            "VANISH_LOG_LEVEL": "INFO",
        }
        self._environment = build_environment() | own | variables
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        wait_until(self._is_up_or_ended, "the web server answers")
        assert self._process.poll() is None, self._log.read_text()
        return self

    def __exit__(self, *_error: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def connect(self) -> HTTPConnection:
        """Return a connection that stays open between requests."""
        return HTTPConnection(HOST, self.port, timeout=STOP_SECONDS)

    def terminate(self) -> None:
        """Send SIGTERM to the server."""
        assert self._process is not None
        self._process.terminate()

    def wait(self) -> int:
        """Wait until the server has stopped and return its exit status."""
        assert self._process is not None
        return self._process.wait(STOP_SECONDS)

    def read_log(self, path: str) -> list[dict[str, Any]]:
        """Return the log lines about requests for this path."""
        lines = [line for line in self._log.read_text().splitlines() if line.startswith("{")]
        return [line for line in map(json.loads, lines) if line.get("path") == path]

    def _is_up_or_ended(self) -> bool:
        assert self._process is not None
        return self._process.poll() is not None or is_alive(HOST, self.port, HOST)
