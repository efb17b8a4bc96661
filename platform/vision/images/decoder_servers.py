"""The servers of this process that fork children which decode, and the pool in which they wait."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from threading import Lock
from weakref import WeakSet

from vision.decoder.answers import STARTED, STATUS_BYTES
from vision.decoder.limits import Limits

MAX_WAITING = 2
"""Servers that wait for a picture: a web process has two photos open at once."""
START_SECONDS = 30.0
"""How long a server may take to fork a child, with its imports where it is new."""
_END_SECONDS = 2.0


class Server:
    """A server that serves one picture at a time."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.control, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "vision.decoder.server"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment,
                # It leads a group, so that it can be killed with its child.
                start_new_session=True,
            )
        self.pictures = 0

    def request(self, limits: Limits, source: int, target: int) -> bool:
        """Let it fork a child. Return False if it is gone, can't fork, or takes too long.

        End it then, with a child that it may have forked nevertheless.
        """
        self.pictures += 1
        is_started = False
        try:
            with suppress(OSError):  # a pipe has no position
                # The child of a server that was ended may have read from the file.
                os.lseek(source, 0, os.SEEK_SET)
            self.control.settimeout(START_SECONDS)
            request = json.dumps(asdict(limits)).encode()
            socket.send_fds(self.control, [request], [source, target])
            is_started = self.control.recv(len(STARTED)) == STARTED
            self.control.settimeout(None)
        except OSError:
            is_started = False
        finally:
            if not is_started:
                self.kill()
                self.end()
        return is_started

    def read_status(self) -> int | None:
        """Return the exit status of its child; None if the server was killed."""
        with suppress(OSError):
            status = self.control.recv(STATUS_BYTES, socket.MSG_WAITALL)
            if len(status) == STATUS_BYTES:
                return int.from_bytes(status, "big", signed=True)
        return None

    def kill(self) -> None:
        """Kill it with its child."""
        if self.process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def end(self) -> None:
        """End it; kill it with its child if it does not end by itself."""
        self.control.close()
        try:
            self.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            self.process.wait()

    def forget(self) -> None:
        """Close what a forked process inherited; the server belongs to its parent."""
        self.control.close()
        # Else the object would look for a process that is no child of this one.
        self.process.returncode = 0


class Pool:
    """The servers of this process that wait for a picture."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[Server] = []
        self._all: WeakSet[Server] = WeakSet()

    def add(self, server: Server) -> None:
        """Remember a new server, which does not wait."""
        with self._lock:
            self._all.add(server)

    def take(self) -> Server | None:
        """Return a waiting server, or None."""
        with self._lock:
            return self._waiting.pop() if self._waiting else None

    def put_back(self, server: Server) -> None:
        """Let the server wait for the next picture, or end it if enough wait already."""
        with self._lock:
            has_place = len(self._waiting) < MAX_WAITING
            if has_place:
                self._waiting.append(server)
        if not has_place:
            server.end()

    def end_all(self) -> None:
        """End all waiting servers."""
        while server := self.take():
            server.end()

    def forget_all(self) -> None:
        """Forget the servers of the parent; called in a forked process."""
        # Another thread of the parent may have held the lock.
        self._lock = Lock()
        for server in self._all:
            server.forget()
        self._waiting, self._all = [], WeakSet()
