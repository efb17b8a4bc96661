"""The child processes that decode: forked by a server that this process keeps, or started anew.

A server costs a tenth of a second of CPU for its imports, a forked child a few milliseconds. Each
process has servers of its own: a process that was forked forgets those of its parent. A server ends
with its process, in whatever way that ends, because the other end of its socket is closed then.
"""

import atexit
import errno
import json
import os
import signal
import socket
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from threading import Lock
from typing import IO

from vision.decoder.limits import Limits
from vision.images.decoder_servers import Pool, Server

MAX_PICTURES = 200
"""A server that has forked so many children is replaced."""
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
        """End the child at once, unless `end` was called; any thread may call it."""

    @abstractmethod
    def wait(self) -> int:
        """Wait for the child's end, and return its exit status, negative for a signal.

        Raises OSError if its server was killed by somebody else, so that the status is unknown.
        """

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


_pool = Pool()


def end_servers() -> None:
    """End the servers of this process; the next picture starts a new one."""
    _pool.end_all()


atexit.register(end_servers)
if _CAN_FORK:
    os.register_at_fork(after_in_child=_pool.forget_all)


class _ForkedChild(DecoderChild):
    """A child that a server forked."""

    def __init__(self, server: Server, input_end: int | None, output_end: int) -> None:
        self._server = server
        self._status: int | None = None
        self._lock = Lock()
        self._was_killed = self._has_ended = False
        self.input = None if input_end is None else os.fdopen(input_end, "wb")
        self.output = os.fdopen(output_end, "rb")

    def kill(self) -> None:
        with self._lock:
            # After the end the server may already work on another picture.
            if not self._has_ended:
                self._was_killed = True
                self._server.kill()

    def wait(self) -> int:
        if self._status is None:
            self._status = self._server.read_status()
        if self._status is not None:
            return self._status
        if self._was_killed:
            return -signal.SIGKILL
        raise OSError(errno.EIO, "The decoder was ended by another program")

    def end(self) -> None:
        """Close the streams, and keep the server only after a child that ended well."""
        with self._lock:
            self._has_ended = True
        if self.input is not None:
            with suppress(BrokenPipeError):
                self.input.close()
        self.output.close()
        has_failed = self._was_killed or self._status != 0
        if has_failed:
            self._server.kill()
        if has_failed or self._server.pictures >= MAX_PICTURES:
            self._server.end()
        else:
            _pool.put_back(self._server)


def _fork_child(
    source: IO[bytes] | None, limits: Limits, environment: Mapping[str, str]
) -> _ForkedChild:
    """Let a waiting server, or a new one, fork a child."""
    with ExitStack() as own, ExitStack() as given:
        if source is None:
            theirs, ours = os.pipe()
            own.callback(os.close, ours)
        else:
            theirs, ours = os.dup(source.fileno()), None
        given.callback(os.close, theirs)
        output, result = os.pipe()
        own.callback(os.close, output)
        given.callback(os.close, result)
        server = _start_request(limits, theirs, result, environment)
        own.pop_all()
    return _ForkedChild(server, ours, output)


def _start_request(
    limits: Limits, source: int, target: int, environment: Mapping[str, str]
) -> Server:
    """Return the server that took the request. A waiting one may have been killed meanwhile."""
    while server := _pool.take():
        if server.request(limits, source, target):
            return server
    server = Server(environment)
    _pool.add(server)
    if not server.request(limits, source, target):
        raise OSError(errno.EAGAIN, "The decoder could not be started")
    return server
