"""The processes that make up a running installation."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TETHER = Path(__file__).with_name("tether.py")
RESTART_STATUS = os.EX_TEMPFAIL
"""A program that ends with this exit status is restarted at once; it does not count as failed."""
GUNICORN_SETTINGS = Path(__file__).with_name("gunicorn_config.py")


@dataclass(frozen=True)
class Program:
    """A Python module with its arguments, and the name that is shown before its output."""

    name: str
    module: str
    arguments: tuple[str, ...]

    def build_command(self) -> list[str]:
        """Return the command that starts the program so that it ends together with this process."""
        tether = [sys.executable, str(TETHER), str(os.getpid())]
        return [*tether, self.module, *self.arguments]


def web() -> Program:
    """Return the web server."""
    arguments = ("--config", str(GUNICORN_SETTINGS), "config.wsgi:application")
    return Program("web", "gunicorn", arguments)


def worker(queue: str) -> Program:
    """Return a worker that runs one job of the queue at a time."""
    options = ("--queues", queue, "--concurrency", "1", "--hostname", f"{queue}@%h")
    quiet = ("--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat")
    return Program(queue, "celery", ("--quiet", "-A", "config.celery", "worker", *options, *quiet))


def build_environment() -> dict[str, str]:
    """Return this process's environment with the project's two path roots.

    The working folder is not on the path: its `platform/` would hide the standard library's.
    """
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(str(ROOT / folder) for folder in ("platform", "apps")),
        "PYTHONSAFEPATH": "1",
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        # Celery warns at every start, but root is usual in a container.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        "VANISH_LOG_LEVEL": os.environ.get("VANISH_LOG_LEVEL", "WARNING"),
    }
