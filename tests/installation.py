"""The whole platform with its own data folder, started as `make run` starts it."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Self

from tests.stand_ins.aws_like import create_own_services
from tests.stand_ins.ports import find_free_port

ROOT = Path(__file__).resolve().parents[1]
EMBEDDED = {"DATABASE_URL": "", "AWS_STORAGE_BUCKET_NAME": "", "CELERY_BROKER_URL": ""}
"""Variables of an installation without services, whatever this process itself uses."""
START_SECONDS = 240
STOP_SECONDS = 60


class Installation:
    """`manage.py up` on a free port, with its own data folder.

    Args:
        folder: its data folder.
        variables: more environment variables.
    """

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.port = find_free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.lines: list[str] = []
        self._variables = create_own_services() | variables
        self._is_up = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The process id of the supervisor."""
        assert self._process is not None
        return self._process.pid

    @property
    def output(self) -> str:
        """All that it has printed so far."""
        return "\n".join(self.lines)

    def start(self) -> None:
        """Start it and wait until it prints that it is up; fail with its output otherwise."""
        self._is_up.clear()
        self._process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "up"],
            cwd=ROOT,
            env=self.build_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(
            target=self._collect_lines, args=[self._process], daemon=True
        )
        self._reader.start()
        if not self._is_up.wait(START_SECONDS) or f"{self.url}/" not in self.output:
            self.stop()
            raise AssertionError(f"The installation did not start:\n{self.output}")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal, wait for the end, and return the exit status."""
        assert self._process is not None
        self._process.send_signal(number)
        try:
            return self._process.wait(STOP_SECONDS)
        finally:
            self._process.kill()
            assert self._reader is not None
            self._reader.join(STOP_SECONDS)

    def build_environment(self) -> dict[str, str]:
        """Build its environment: this process's, with its own folder and port."""
        own = {"VANISH_DATA_DIR": str(self.folder), "PORT": str(self.port)}
        return {
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            **build_mirror_variables(),
            **own,
            **self._variables,
        }

    def _collect_lines(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self.lines.append(line.rstrip())
                if "Ctrl-C stops it" in line:
                    self._is_up.set()
        self._is_up.set()


def build_mirror_variables() -> dict[str, str]:
    """Return the variables that replace downloads by the test data's models and photos."""
    data = os.environ.get("VANISH_TEST_DATA", "")
    if not data:
        return {}
    return {
        "VANISH_MODEL_MIRROR": str(Path(data) / "models"),
        "VANISH_EXAMPLE_MIRROR": str(Path(data) / "photos"),
    }
