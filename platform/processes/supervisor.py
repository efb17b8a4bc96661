"""The supervisor keeps the web server and the workers running, and stops them gracefully."""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType

from processes.child import Child, Say
from processes.programs import Program

MOST_FAILURES = 5
START_SECONDS = 90.0
COLD_SECONDS = 5.0
"""How long programs may take to end after SIGQUIT, Celery's signal for a cold shutdown."""
POLL_SECONDS = 0.2

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """Runs programs until a signal or a lasting failure.

    Args:
        programs: the programs; the first one is the web server, and it must start.
        is_up: returns whether the web server responds.
        on_up: called once, at the first response of the web server.
        say: called with each line for the person who started the supervisor.
        grace_seconds: how long programs may take to finish their running work.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        is_up: Callable[[], bool],
        on_up: Callable[[], None],
        say: Say,
        grace_seconds: float,
    ) -> None:
        self._children = [Child(program, say) for program in programs]
        self._is_up = is_up
        self._on_up = on_up
        self._say = say
        self._grace_seconds = grace_seconds
        self._signals = 0
        self._signalled = threading.Event()

    def run(self) -> int:
        """Start, supervise and stop all programs; return the exit status, 0 after a signal."""
        previous = {number: signal.signal(number, self._count_signal) for number in STOP_SIGNALS}
        try:
            for child in self._children:
                child.start()
            has_succeeded = self._await_web() and self._watch()
        finally:
            self._stop()
            for number, handler in previous.items():
                signal.signal(number, handler)
        return 0 if has_succeeded else 1

    def _count_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1
        self._signalled.set()

    def _await_web(self) -> bool:
        web = self._children[0]
        deadline = time.monotonic() + START_SECONDS
        while not self._signalled.wait(POLL_SECONDS):
            if not web.is_running:
                self._say("The web server could not start: see its output above.")
                return False
            if self._is_up():
                self._on_up()
                return True
            if time.monotonic() > deadline:
                self._say(f"The web server does not respond after {START_SECONDS:.0f} s.")
                return False
        return True

    def _watch(self) -> bool:
        while not self._signalled.wait(POLL_SECONDS):
            for child in self._children:
                child.restart_if_ended()
                if child.failures > MOST_FAILURES:
                    self._say(f"{child.name} keeps ending: see its output above.")
                    return False
        return True

    def _stop(self) -> None:
        """Send SIGTERM, wait, send SIGQUIT, wait, then kill; another signal skips the waiting."""
        self._say("Stopping; a running edit may take some seconds to end")
        signals_before = self._signals
        for number, seconds in (
            (signal.SIGTERM, self._grace_seconds),
            (signal.SIGQUIT, COLD_SECONDS),
        ):
            for child in self._children:
                child.send_signal(number)
            self._wait_for_end(seconds, signals_before)
        for child in self._children:
            child.kill_session()

    def _wait_for_end(self, seconds: float, signals_before: int) -> None:
        deadline = time.monotonic() + seconds
        while any(child.is_running for child in self._children):
            if self._signals > signals_before or time.monotonic() > deadline:
                return
            time.sleep(POLL_SECONDS / 4)
