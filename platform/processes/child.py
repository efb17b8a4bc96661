"""One supervised process: started in a session of its own, its lines passed on, stopped whole."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable

from processes.programs import RESTART_STATUS, ROOT, Program, environment

LONGEST_PAUSE = 30.0
STEADY_SECONDS = 30.0

Say = Callable[[str], None]


class Child:
    """A program that is kept running. All times in seconds of the monotonic clock."""

    def __init__(self, program: Program, say: Say) -> None:
        self.name = program.name
        self.failures = 0
        self._program = program
        self._say = say
        self._process: subprocess.Popen[str] | None = None
        self._started = 0.0
        self._due: float | None = None
        self._reader: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        """Whether its main process runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the main process; must be called from the main thread, which it is tied to."""
        self._due = None
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            self._program.command(),
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._pass_on, args=[self._process], daemon=True)
        self._reader.start()

    def tend(self) -> None:
        """Start it again if it has ended: at once planned, then after a pause that grows."""
        if self.is_running:
            return
        if self._due is None:
            self._plan_restart()
        elif time.monotonic() >= self._due:
            self.start()

    def tell(self, number: signal.Signals) -> None:
        """Send a signal to the main process alone: it knows what its own children are at."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def clear_away(self) -> None:
        """End what is left of it, children of its children included."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._reader is not None:
            self._reader.join(timeout=1)

    def _plan_restart(self) -> None:
        self.clear_away()
        if self._process and self._process.returncode == RESTART_STATUS:
            self._due = time.monotonic()
            return
        steady = time.monotonic() - self._started > STEADY_SECONDS
        self.failures = 1 if steady else self.failures + 1
        pause = min(2.0 ** (self.failures - 1), LONGEST_PAUSE)
        self._due = time.monotonic() + pause
        code = self._process.returncode if self._process else None
        self._say(f"{self.name} ended ({_how(code)}) and is started again in {pause:.0f} s")

    def _pass_on(self, process: subprocess.Popen[str]) -> None:
        if process.stdout is None:
            return
        with process.stdout as lines:
            for line in lines:
                if line.strip():
                    self._say(f"{self.name} | {line.rstrip()}")


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        return signal.Signals(-code).name
    return f"exit status {code}"
