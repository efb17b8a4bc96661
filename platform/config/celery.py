"""Celery: its messages say that there is work; the database says which."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

from config.celery_queues import HOUSEKEEPING

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def _broker_options(broker_url: str) -> dict[str, Any]:
    return _folder_options() if broker_url.startswith("filesystem://") else _sqs_options()


def _folder_options() -> dict[str, Any]:
    """The embedded broker is a folder; its default polling passes one message a second."""
    from django.conf import settings

    for name in ("messages", "control"):
        (settings.QUEUE_DIR / name).mkdir(parents=True, exist_ok=True)
    messages = str(settings.QUEUE_DIR / "messages")
    return {
        "data_folder_in": messages,
        "data_folder_out": messages,
        "control_folder": str(settings.QUEUE_DIR / "control"),
        "polling_interval": 0.1,
    }


def _sqs_options() -> dict[str, Any]:
    """Queues that exist: nothing is listed or created, and their own visibility counts."""
    from django.conf import settings

    return {
        "region": settings.AWS_REGION,
        "is_secure": all(url.startswith("https") for url in settings.QUEUE_URLS.values()),
        "predefined_queues": {name: {"url": url} for name, url in settings.QUEUE_URLS.items()},
        # After a long poll that brought nothing, the next one begins at once.
        "wait_time_seconds": 10,
        "polling_interval": 0.1,
        # The sender waits for the answer: a queue that hangs must not hang a request.
        "client-config": {
            "connect_timeout": 2,
            "read_timeout": 5,
            "retries": {"total_max_attempts": 2},
        },
    }


def make_app() -> Celery:
    """The Celery application with the settings that lose no work (see docs/adr)."""
    from django.conf import settings

    celery = Celery("vanish")
    celery.conf.update(
        broker_url=settings.CELERY_BROKER_URL,
        broker_transport_options=_broker_options(settings.CELERY_BROKER_URL),
        broker_connection_retry_on_startup=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_time_limit=settings.LONGEST_JOB_SECONDS,
        task_default_queue=HOUSEKEEPING,
        task_create_missing_queues=True,
        worker_prefetch_multiplier=1,
        # Nothing waits for results, so a child that was killed is replaced at once.
        worker_lost_wait=1.0,
        worker_proc_alive_timeout=120,  # the edits worker imports TensorFlow first
        worker_max_tasks_per_child=settings.CHILD_JOBS,
        worker_max_memory_per_child=settings.CHILD_MEMORY_MB * 1024,
        worker_hijack_root_logger=False,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        timezone="UTC",
    )
    celery.autodiscover_tasks(["jobs", "inpainting", "webhooks"])
    return celery


@setup_logging.connect
def _keep_logging(**_: object) -> None:
    """Django's settings have set it up; a listener keeps Celery from setting its own."""


app = make_app()
