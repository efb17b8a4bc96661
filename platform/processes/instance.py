"""Checks before and after the start: one instance a data folder, a free port, a live server."""

import errno
import fcntl
import http.client
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class CannotStart(Exception):
    """The installation cannot start; the message says why and what to do."""


@contextmanager
def ensure_only_instance(data_dir: Path) -> Iterator[None]:
    """Lock the data folder while the block runs; raise CannotStart when another process has it.

    The operating system releases the lock when the process ends, also after a crash.
    """
    file = data_dir / "run.lock"
    with file.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise CannotStart(
                f"Vanish is already running on the data in {data_dir} (process {holder}): "
                "stop it, or choose another folder with VANISH_DATA_DIR."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def require_free_port(address: str, port: int) -> None:
    """Raise CannotStart when the web server cannot listen on the port of the address."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except socket.gaierror:
            raise CannotStart(_describe_bad_address(address)) from None
        except PermissionError:
            raise CannotStart(
                f"Only the system's administrator may use port {port}: "
                "choose another one, like PORT=8001 make run."
            ) from None
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise CannotStart(_describe_bad_address(address)) from None
            raise CannotStart(
                f"Port {port} on {address} cannot be used ({os.strerror(error.errno or 0)}): "
                f"choose another one, like PORT={port + 1 if port < 65535 else 8001} make run."
            ) from None


def is_alive(address: str, port: int, host: str) -> bool:
    """Return whether the web server answers `/livez` for the host name `host`."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104
    connection = http.client.HTTPConnection(reachable, port, timeout=5)
    try:
        connection.request("GET", "/livez", headers={"Host": host})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _describe_bad_address(address: str) -> str:
    return f"VANISH_BIND: {address} is not an address of this machine."
