"""One supervised process: it runs in its own session, and its output is forwarded."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable

from processes.programs import RESTART_STATUS, ROOT, Program, build_environment

LONGEST_PAUSE = 30.0
STABLE_SECONDS = 30.0
"""A process that runs for longer than this counts as started without failure."""

Say = Callable[[str], None]


class Child:
    """A program that is restarted when it ends. All times are seconds of the monotonic clock."""

    def __init__(self, program: Program, say: Say) -> None:
        self.name = program.name
        self.failures = 0
        self._program = program
        self._say = say
        self._process: subprocess.Popen[str] | None = None
        self._start_time = 0.0
        self._restart_time: float | None = None
        self._reader: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        """Whether the main process is running."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the main process.

        Call it from the main thread only: Linux ends the process when the thread that started it
        ends (see tether.py).
        """
        self._restart_time = None
        self._start_time = time.monotonic()
        self._process = subprocess.Popen(
            self._program.build_command(),
            cwd=ROOT,
            env=build_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(
            target=self._forward_output, args=[self._process], daemon=True
        )
        self._reader.start()

    def restart_if_ended(self) -> None:
        """Plan a restart when the process has ended, and start it once the pause is over.

        The pause grows with each failure.
        """
        if self.is_running:
            return
        if self._restart_time is None:
            self._plan_restart()
        elif time.monotonic() >= self._restart_time:
            self.start()

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal to the main process only, which stops its own child processes itself."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def kill_session(self) -> None:
        """Kill every process that is left in the session, children of children included."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._reader is not None:
            self._reader.join(timeout=1)

    def _plan_restart(self) -> None:
        self.kill_session()
        if self._process and self._process.returncode == RESTART_STATUS:
            self._restart_time = time.monotonic()
            return
        was_stable = time.monotonic() - self._start_time > STABLE_SECONDS
        self.failures = 1 if was_stable else self.failures + 1
        pause = min(2.0 ** (self.failures - 1), LONGEST_PAUSE)
        self._restart_time = time.monotonic() + pause
        code = self._process.returncode if self._process else None
        self._say(f"{self.name} ended ({_describe_exit(code)}); it starts again in {pause:.0f} s")

    def _forward_output(self, process: subprocess.Popen[str]) -> None:
        if process.stdout is None:
            return
        with process.stdout as lines:
            for line in lines:
                if line.strip():
                    self._say(f"{self.name} | {line.rstrip()}")


def _describe_exit(code: int | None) -> str:
    if code is not None and code < 0:
        return signal.Signals(-code).name
    return f"exit status {code}"
