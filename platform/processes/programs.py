"""The processes that make up a running installation."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TETHER = Path(__file__).with_name("tether.py")
RESTART_STATUS = os.EX_TEMPFAIL
"""The exit status by which a program asks to be started again at once; that is no failure."""
GUNICORN_SETTINGS = Path(__file__).with_name("gunicorn_config.py")


@dataclass(frozen=True)
class Program:
    """A Python module with its arguments, and the name that its lines are shown under."""

    name: str
    module: str
    arguments: tuple[str, ...]

    def command(self) -> list[str]:
        """What starts it so that it ends with this process."""
        tether = [sys.executable, str(TETHER), str(os.getpid())]
        return [*tether, self.module, *self.arguments]


def web() -> Program:
    """The web server."""
    arguments = ("--config", str(GUNICORN_SETTINGS), "config.wsgi:application")
    return Program("web", "gunicorn", arguments)


def worker(queue: str) -> Program:
    """A worker that does one job of the queue at a time."""
    options = ("--queues", queue, "--concurrency", "1", "--hostname", f"{queue}@%h")
    quiet = ("--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat")
    return Program(queue, "celery", ("--quiet", "-A", "config.celery", "worker", *options, *quiet))


def environment() -> dict[str, str]:
    """This process's environment with the project's path roots, and with the working folder off.

    A `platform/` without modules of its own stands in the working folder; only its content may be
    on the path.
    """
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(str(ROOT / folder) for folder in ("platform", "apps")),
        "PYTHONSAFEPATH": "1",
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        # Celery says so at every start; in a container it is how things are.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        "VANISH_LOG_LEVEL": os.environ.get("VANISH_LOG_LEVEL", "WARNING"),
    }
