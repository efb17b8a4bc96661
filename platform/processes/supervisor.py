"""Keeps web server and workers running, and stops them so that running work can end."""

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
LOOK_SECONDS = 0.2

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """Runs programs until a signal or a lasting failure.

    Args:
        programs: the first one is the web server; without it nothing starts.
        is_up: whether the web server answers.
        on_up: called once, when it first does.
        say: takes a line for the person who started this.
        grace_seconds: how long programs may take to end what they are at.
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
        """Start, watch and stop everything; returns the exit status: 0 after a signal."""
        earlier = {number: signal.signal(number, self._note) for number in STOP_SIGNALS}
        try:
            for child in self._children:
                child.start()
            is_well = self._await_web() and self._watch()
        finally:
            self._stop()
            for number, handler in earlier.items():
                signal.signal(number, handler)
        return 0 if is_well else 1

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1
        self._signalled.set()

    def _await_web(self) -> bool:
        web = self._children[0]
        deadline = time.monotonic() + START_SECONDS
        while not self._signalled.wait(LOOK_SECONDS):
            if not web.is_running:
                self._say("The web server could not start: its own words are above.")
                return False
            if self._is_up():
                self._on_up()
                return True
            if time.monotonic() > deadline:
                self._say(f"The web server does not answer after {START_SECONDS:.0f} s.")
                return False
        return True

    def _watch(self) -> bool:
        while not self._signalled.wait(LOOK_SECONDS):
            for child in self._children:
                child.tend()
                if child.failures > MOST_FAILURES:
                    self._say(f"{child.name} keeps ending: its own words are above.")
                    return False
        return True

    def _stop(self) -> None:
        """Ask, insist, clear away. A second signal skips the waiting."""
        self._say("Stopping; a running edit may take some seconds to end")
        asked = self._signals
        for number, patience in (
            (signal.SIGTERM, self._grace_seconds),
            (signal.SIGQUIT, COLD_SECONDS),
        ):
            for child in self._children:
                child.tell(number)
            self._wait_for_end(patience, asked)
        for child in self._children:
            child.clear_away()

    def _wait_for_end(self, patience: float, asked: int) -> None:
        deadline = time.monotonic() + patience
        while any(child.is_running for child in self._children):
            if self._signals > asked or time.monotonic() > deadline:
                return
            time.sleep(LOOK_SECONDS / 4)
