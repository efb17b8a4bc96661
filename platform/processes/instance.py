"""One running installation a data folder, on a port that is free."""

import errno
import fcntl
import http.client
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class CannotStart(Exception):
    """Something else is in the way; the message says what to do."""


@contextmanager
def only_instance(data_dir: Path) -> Iterator[None]:
    """Hold the data folder for as long as the block runs. Raises CannotStart when it is held.

    The system lets go of the lock with the process, so none is left behind by a crash.
    """
    file = data_dir / "run.lock"
    with file.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise CannotStart(
                f"Vanish runs already on the data in {data_dir} (process {holder}): "
                "stop that one, or name another folder in VANISH_DATA_DIR."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def require_free_port(address: str, port: int) -> None:
    """Raises CannotStart when the web server could not listen there."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except socket.gaierror:
            raise CannotStart(f"VANISH_BIND: {address} is no address of this machine.") from None
        except PermissionError:
            raise CannotStart(
                f"Port {port} is for the system's administrator: PORT=8001 make run takes another."
            ) from None
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise CannotStart(
                    f"VANISH_BIND: {address} is no address of this machine."
                ) from None
            raise CannotStart(
                f"Port {port} on {address} cannot be used ({os.strerror(error.errno or 0)}): "
                f"PORT={_another(port)} make run takes another."
            ) from None


def is_alive(address: str, port: int, host: str) -> bool:
    """Whether the web server answers `/livez` as `host`."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104
    connection = http.client.HTTPConnection(reachable, port, timeout=5)
    try:
        connection.request("GET", "/livez", headers={"Host": host})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _another(port: int) -> int:
    return port + 1 if port < 65535 else 8001
