"""`manage.py up`: prepare, then run web server and workers until Ctrl-C."""

import signal
import sys
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, connections

from config.celery_queues import QUEUES
from inpainting import engines
from jobs.claims import release_abandoned
from jobs.registry import registry
from jobs.wakeups import send_wakeup
from processes.instance import CannotStart, is_alive, only_instance, require_free_port
from processes.programs import web, worker
from processes.supervisor import Supervisor
from vision.weights import WEIGHTS

STOP_SLACK = 5
DETECTOR_TITLES = {"local": "YOLOX-nano", "rekognition": "Amazon Rekognition"}


class Command(BaseCommand):
    """What `make run` calls."""

    help = "Prepare everything, then run web server and workers until Ctrl-C or SIGTERM."

    def handle(self, **_options: Any) -> None:
        """Refuse early what cannot work, prepare, run."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            with only_instance(settings.DATA_DIR):
                require_free_port(settings.BIND_ADDRESS, settings.PORT)
                call_command("prepare", stdout=self.stdout, stderr=self.stderr)
                _requeue_abandoned_jobs()
                status = self._supervise()
        except CannotStart as error:
            raise CommandError(str(error)) from None
        except OperationalError as error:
            reason = str(error).strip().splitlines()[0]
            raise CommandError(f"The database cannot be used: {reason}") from None
        except KeyboardInterrupt:
            status = 0
        self._say("Stopped")
        sys.exit(status)

    def _supervise(self) -> int:
        connections.close_all()
        return Supervisor(
            [web(), *map(worker, QUEUES)],
            is_up=lambda: is_alive(settings.BIND_ADDRESS, settings.PORT, _host()),
            on_up=lambda: self._say("\n".join(_banner())),
            say=self._say,
            grace_seconds=settings.STOP_SECONDS + STOP_SLACK,
        ).run()

    def _say(self, text: str) -> None:
        # Whoever read the lines may be gone; the site is not.
        with suppress(BrokenPipeError):
            self.stdout.write(text)
            self.stdout.flush()


def _requeue_abandoned_jobs() -> None:
    """Queue again the rows that killed workers left running.

    That is safe on an embedded database alone, where no other worker runs.
    """
    if connection.vendor != "sqlite":
        return
    for kind in registry.kinds:
        rows = kind.model._default_manager.all()  # noqa: SLF001  Django's own name
        for _ in range(release_abandoned(rows)):
            send_wakeup(kind.wakeup)


def _host() -> str:
    """A host name that the site answers to."""
    name = settings.ALLOWED_HOSTS[0].lstrip(".")
    return "localhost" if name == "*" else name


def _banner() -> list[str]:
    shown = "localhost" if settings.BIND_ADDRESS in {"0.0.0.0", "::"} else settings.BIND_ADDRESS  # noqa: S104
    lines = ["", f"  Vanish is at http://{shown}:{settings.PORT}/"]
    if settings.DEMO_ENABLED:
        lines.append(f"  Demo login    {settings.DEMO_EMAIL}  {settings.DEMO_PASSWORD}")
    lines += [*_engine_lines(), f"  Data          {settings.DATA_DIR}", "  Ctrl-C stops it", ""]
    return lines


def _engine_lines() -> list[str]:
    detector = engines.detector_info()
    titles = {info.name: info.title for info in engines.inpainter_infos()}
    store = engines.model_store()
    missing = [weight for weight in WEIGHTS if not store.has(weight.name)]
    return [
        f"  Finds with    {DETECTOR_TITLES[detector.name] if detector.available else 'nothing'}",
        f"  Fills with    {titles[engines.default_inpainter_name()]}",
        *(f"  Missing       {weight.name}: {weight.without}" for weight in missing),
    ]
