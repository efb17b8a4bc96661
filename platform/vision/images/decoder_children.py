"""The child processes that decode: forked by a server that this process keeps, or started anew.

A server costs a tenth of a second of CPU for its imports, a forked child a few milliseconds. Each
process has servers of its own: a process that was forked forgets those of its parent. A server ends
with its process, in whatever way that ends, because the other end of its socket is closed then.
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from threading import Lock
from typing import IO
from weakref import WeakSet

from vision.decoder.answers import STARTED, STATUS_BYTES
from vision.decoder.limits import Limits

MAX_PICTURES = 200
"""A server that has forked so many children is replaced."""
MAX_WAITING = 2
"""Servers that wait for a picture: a web process has two photos open at once."""
_END_SECONDS = 2.0
_CAN_FORK = hasattr(os, "fork") and hasattr(socket, "send_fds")


class DecoderChild(ABC):
    """A child process that decodes one file.

    Attributes:
        input: takes the file; None if the child reads it by itself.
        output: gives the result.
    """

    input: IO[bytes] | None
    output: IO[bytes]

    @abstractmethod
    def kill(self) -> None:
        """End the child at once; any thread may call it."""

    @abstractmethod
    def wait(self) -> int:
        """Wait for the child's end, and return its exit status, negative for a signal."""

    @abstractmethod
    def end(self) -> None:
        """Close the streams, after the child ended or was to be killed."""


@contextmanager
def start_child(
    source: IO[bytes] | None, limits: Limits, environment: Mapping[str, str]
) -> Iterator[DecoderChild]:
    """Start a child for the duration of a `with` block; it ends with the block.

    Args:
        source: the file to decode; None if it is written to the child's input.
        limits: of the child.
        environment: of the server or the child.
    """
    start = _fork_child if _CAN_FORK else _NewChild
    child: DecoderChild = start(source, limits, environment)
    try:
        yield child
    finally:
        child.end()


class _NewChild(DecoderChild):
    """A child that was started anew, and pays for its imports."""

    def __init__(
        self, source: IO[bytes] | None, limits: Limits, environment: Mapping[str, str]
    ) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "vision.decoder", json.dumps(asdict(limits))],
            stdin=subprocess.PIPE if source is None else source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        if self._process.stdout is None:
            raise RuntimeError("the child has no output")
        self.input, self.output = self._process.stdin, self._process.stdout

    def kill(self) -> None:
        self._process.kill()

    def wait(self) -> int:
        return self._process.wait()

    def end(self) -> None:
        """Kill the child if it is still there, and close its streams."""
        self._process.kill()
        self._process.wait()
        for stream in (self.input, self.output):
            with suppress(BrokenPipeError):
                if stream is not None:
                    stream.close()


class _Server:
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
        """Let it fork a child. Return False if the server is gone."""
        self.pictures += 1
        try:
            request = json.dumps(asdict(limits)).encode()
            socket.send_fds(self.control, [request], [source, target])
            return self.control.recv(len(STARTED)) == STARTED
        except OSError:
            return False

    def read_status(self) -> int:
        """Return the exit status of its child; that of SIGKILL if the server was killed."""
        with suppress(OSError):
            status = self.control.recv(STATUS_BYTES, socket.MSG_WAITALL)
            if len(status) == STATUS_BYTES:
                return int.from_bytes(status, "big", signed=True)
        return -signal.SIGKILL

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


class _Pool:
    """The servers of this process that wait for a picture."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[_Server] = []
        self._all: WeakSet[_Server] = WeakSet()

    def add(self, server: _Server) -> None:
        """Remember a new server, which does not wait."""
        with self._lock:
            self._all.add(server)

    def take(self) -> _Server | None:
        """Return a waiting server, or None."""
        with self._lock:
            return self._waiting.pop() if self._waiting else None

    def put_back(self, server: _Server) -> None:
        """Let the server wait for the next picture, or end it if enough wait already."""
        with self._lock:
            is_kept = len(self._waiting) < MAX_WAITING
            if is_kept:
                self._waiting.append(server)
        if not is_kept:
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


_pool = _Pool()


def end_servers() -> None:
    """End the servers of this process; the next picture starts a new one."""
    _pool.end_all()


atexit.register(end_servers)
if _CAN_FORK:
    os.register_at_fork(after_in_child=_pool.forget_all)


class _ForkedChild(DecoderChild):
    """A child that a server forked."""

    def __init__(self, server: _Server, input_end: int | None, output_end: int) -> None:
        self._server = server
        self._status: int | None = None
        self.input = None if input_end is None else os.fdopen(input_end, "wb")
        self.output = os.fdopen(output_end, "rb")

    def kill(self) -> None:
        self._server.kill()

    def wait(self) -> int:
        if self._status is None:
            self._status = self._server.read_status()
        return self._status

    def end(self) -> None:
        """Close the streams, and keep the server only after a child that ended well."""
        if self.input is not None:
            with suppress(BrokenPipeError):
                self.input.close()
        self.output.close()
        if self._status != 0:
            self._server.kill()
        if self._status != 0 or self._server.pictures >= MAX_PICTURES:
            self._server.end()
        else:
            _pool.put_back(self._server)


def _fork_child(
    source: IO[bytes] | None, limits: Limits, environment: Mapping[str, str]
) -> _ForkedChild:
    """Let a waiting server, or a new one, fork a child."""
    ours: int | None = None
    if source is None:
        theirs, ours = os.pipe()
    else:
        theirs = os.dup(source.fileno())
    output, result = os.pipe()
    try:
        server = _start_request(limits, theirs, result, environment)
    except BaseException:
        for end in (output, ours):
            if end is not None:
                os.close(end)
        raise
    finally:
        os.close(theirs)
        os.close(result)
    return _ForkedChild(server, ours, output)


def _start_request(
    limits: Limits, source: int, target: int, environment: Mapping[str, str]
) -> _Server:
    """Return the server that took the request. A waiting one may have been killed meanwhile."""
    while server := _pool.take():
        if server.request(limits, source, target):
            return server
        server.kill()
        server.end()
    server = _Server(environment)
    _pool.add(server)
    if not server.request(limits, source, target):
        server.kill()
        server.end()
        raise OSError("The decoder could not be started.")
    return server
