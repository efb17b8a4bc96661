"""What a worker does beside its tasks: starts safely, sweeps, and stops in time."""

import os
import signal
import threading

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
from config.queue_service import require_safe_queues
from config.tracing import start_tracing, stop_tracing
from inpainting.bell import RUN_NEXT_DETECTION, RUN_NEXT_EDIT, ring
from inpainting.claims import give_back
from inpainting.engines import warm_up
from inpainting.models import DetectionRun, Edit


@worker_init.connect
def _start_safely(**_: object) -> None:
    """Before anything is consumed. A connection a job: an idle worker holds none."""
    require_safe_queues()
    for name in connections:
        connections.settings[name]["CONN_MAX_AGE"] = 0


@worker_ready.connect
def _start_sweeper(**_: object) -> None:
    from inpainting.sweeper import start_sweeping

    start_sweeping()


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
