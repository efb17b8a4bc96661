"""`manage.py up`: prepares the platform, then runs the web server and the workers until Ctrl-C."""

import signal
import sys
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, connections

from config.celery_queues import QUEUES
from jobs.claims import release_abandoned
from jobs.registry import registry
from jobs.wakeups import send_wakeup
from operations.banner import build_banner
from processes.instance import CannotStart, ensure_only_instance, is_alive, require_free_port
from processes.programs import web, worker
from processes.supervisor import Supervisor

EXTRA_STOP_SECONDS = 5


class Command(BaseCommand):
    """Runs the whole platform; `make run` calls it."""

    help = "Prepare everything, then run the web server and the workers until Ctrl-C or SIGTERM."

    def handle(self, **_options: Any) -> None:
        """Check that the platform can start, prepare it, and run it."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            with ensure_only_instance(settings.DATA_DIR):
                require_free_port(settings.BIND_ADDRESS, settings.PORT)
                call_command("prepare", stdout=self.stdout, stderr=self.stderr)
                _requeue_abandoned_jobs()
                status = self._run_programs()
        except CannotStart as error:
            raise CommandError(str(error)) from None
        except OperationalError as error:
            reason = str(error).strip().splitlines()[0]
            raise CommandError(f"The database cannot be used: {reason}") from None
        except KeyboardInterrupt:
            status = 0
        self._say("Stopped")
        sys.exit(status)

    def _run_programs(self) -> int:
        connections.close_all()
        return Supervisor(
            [web(), *map(worker, QUEUES)],
            is_up=lambda: is_alive(settings.BIND_ADDRESS, settings.PORT, _choose_host()),
            on_up=lambda: self._say(build_banner()),
            say=self._say,
            grace_seconds=settings.STOP_SECONDS + EXTRA_STOP_SECONDS,
        ).run()

    def _say(self, text: str) -> None:
        # The reader of the output may have ended; the site goes on.
        with suppress(BrokenPipeError):
            self.stdout.write(text)
            self.stdout.flush()


def _requeue_abandoned_jobs() -> None:
    """Queue jobs again that killed workers left in the state running.

    This is safe only on an embedded database, where no other worker runs.
    """
    if connection.vendor != "sqlite":
        return
    for kind in registry.kinds:
        rows = kind.model._default_manager.all()  # noqa: SLF001  Django's own name
        for _ in range(release_abandoned(rows)):
            send_wakeup(kind.wakeup)


def _choose_host() -> str:
    """Return a host name that the site accepts."""
    name = settings.ALLOWED_HOSTS[0].lstrip(".")
    return "localhost" if name == "*" else name
