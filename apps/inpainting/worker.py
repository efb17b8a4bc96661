"""What a worker does beside its tasks: starts safely, sweeps, and stops in time."""

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

from config.celery import EDITS, app
from config.programs import START_ANEW
from config.queue_service import require_safe_queues
from config.tracing import start_tracing, stop_tracing
from inpainting.bell import RUN_NEXT_DETECTION, RUN_NEXT_EDIT, ring
from inpainting.claims import give_back
from inpainting.engines import warm_up
from inpainting.models import DetectionRun, Edit

LOOK_SECONDS = 0.5
_is_ending = threading.Event()


@worker_init.connect
def _start_safely(**_: object) -> None:
    """Before anything is consumed. A connection a job: an idle worker holds none."""
    require_safe_queues()
    for name in connections:
        connections.settings[name]["CONN_MAX_AGE"] = 0


@worker_ready.connect
def _look_after(**_: object) -> None:
    from inpainting.sweeper import start_sweeping

    start_sweeping()
    if not settings.QUEUE_URLS:
        threading.Thread(target=_end_with_a_killed_child, name="watch", daemon=True).start()


def _end_with_a_killed_child() -> None:
    """With the embedded broker, children wait for work at one lock: who is killed keeps it.

    No other child could get work after that, so the worker asks to be started anew.
    """
    known: list[Any] = []
    while all(child.exitcode is None or child.exitcode >= 0 for child in known):
        if _is_ending.is_set():
            return
        known = [child for child in known if child.exitcode is None]
        known += [child for child in active_children() if child not in known]
        time.sleep(LOOK_SECONDS)
    os._exit(START_ANEW)


@worker_process_init.connect
def _start_child(**_: object) -> None:
    """After the fork: neither TensorFlow nor the traces' sender survives one."""
    start_tracing("worker")
    if EDITS in app.amqp.queues.consume_from:
        warm_up()


@worker_process_shutdown.connect
def _end_child(**_: object) -> None:
    stop_tracing()


@worker_shutting_down.connect
def _stop_in_time(how: str, **_: object) -> None:
    """A warm shutdown waits for the running job, however long it takes: set it an end."""
    if how == "Warm":
        timer = threading.Timer(settings.STOP_SECONDS, _end_now)
        timer.daemon = True
        timer.start()


def _end_now() -> None:
    """Celery's own cold shutdown may wait for ever for a lock that a stopped child held.

    Its messages come again; until then another worker is told of what is given back.
    """
    _is_ending.set()
    for child in active_children():
        if child.pid is not None:
            os.kill(child.pid, signal.SIGKILL)
    try:
        _give_back()
    finally:
        os._exit(0)


def _give_back() -> None:
    """Another worker takes over at once, instead of when the lease runs out."""
    if give_back(Edit.objects.all()):
        ring(RUN_NEXT_EDIT)
    if give_back(DetectionRun.objects.all()):
        ring(RUN_NEXT_DETECTION)
