"""Signal handlers of a worker: it checks its queues, sweeps, and stops in time."""

import os
import signal
import threading
import time
from typing import Any

from billiard import active_children
from celery.signals import (
    worker_init,
    worker_process_init,
    worker_process_shutdown,
    worker_ready,
    worker_shutting_down,
)
from django.conf import settings
from django.db import connections

from config.celery import app
from config.tracing import start_tracing, stop_tracing
from jobs.claims import release_own
from jobs.queue_service import require_safe_queues
from jobs.registry import registry
from jobs.wakeups import send_wakeup
from processes.programs import RESTART_STATUS

CHECK_SECONDS = 0.5
_is_ending = threading.Event()


@worker_init.connect
def _start_safely(**_: object) -> None:
    """Check the queues before the first message, and keep no database connection while idle."""
    require_safe_queues()
    for name in connections:
        connections.settings[name]["CONN_MAX_AGE"] = 0


@worker_ready.connect
def _start_threads(**_: object) -> None:
    from jobs.sweeper import start_sweeping

    start_sweeping()
    if not settings.QUEUE_URLS:
        threading.Thread(target=_end_with_killed_child, name="watch", daemon=True).start()


def _end_with_killed_child() -> None:
    """End the worker when a child process was killed, so that the worker is started again.

    With the embedded broker all child processes wait for messages at one lock. A killed child keeps
    this lock, so no other child could get work any more.
    """
    children: list[Any] = []
    while all(child.exitcode is None or child.exitcode >= 0 for child in children):
        if _is_ending.is_set():
            return
        children = [child for child in children if child.exitcode is None]
        children += [child for child in active_children() if child not in children]
        time.sleep(CHECK_SECONDS)
    os._exit(RESTART_STATUS)


@worker_process_init.connect
def _start_child(**_: object) -> None:
    """Start what does not survive a fork: TensorFlow and the exporter of traces."""
    start_tracing("worker")
    for kind in registry.kinds:
        if kind.prepare_child and kind.wakeup.queue in app.amqp.queues.consume_from:
            kind.prepare_child()


@worker_process_shutdown.connect
def _end_child(**_: object) -> None:
    stop_tracing()


@worker_shutting_down.connect
def _stop_in_time(how: str, **_: object) -> None:
    """Limit a warm shutdown, which would wait for the running job without end."""
    if how == "Warm":
        timer = threading.Timer(settings.STOP_SECONDS, _end_now)
        timer.daemon = True
        timer.start()


def _end_now() -> None:
    """Kill the child processes and end this one, because Celery's cold shutdown may wait forever.

    It waits for a lock that a stopped child held. The broker delivers the messages again later;
    until then another worker is woken for the released jobs.
    """
    _is_ending.set()
    for child in active_children():
        if child.pid is not None:
            os.kill(child.pid, signal.SIGKILL)
    try:
        _release_jobs()
    finally:
        os._exit(0)


def _release_jobs() -> None:
    """Queue the running jobs of this worker again, so that another one takes over at once."""
    for kind in registry.kinds:
        rows = kind.model._default_manager.all()  # noqa: SLF001  Django's own name
        if release_own(rows):
            send_wakeup(kind.wakeup)
