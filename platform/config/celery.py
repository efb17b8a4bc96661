"""The Celery application. A message says that there is work; the database says which."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

from config.celery_queues import HOUSEKEEPING

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def _build_broker_options(broker_url: str) -> dict[str, Any]:
    if broker_url.startswith("filesystem://"):
        return _build_folder_options()
    return _build_sqs_options()


def _build_folder_options() -> dict[str, Any]:
    """Return the options of the embedded broker, which is a folder, and create this folder.

    With its default polling interval it would deliver one message a second.
    """
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


def _build_sqs_options() -> dict[str, Any]:
    """Return the options for existing queues: none is listed or created.

    Each queue's own visibility timeout applies.
    """
    from django.conf import settings

    return {
        "region": settings.AWS_REGION,
        "is_secure": all(url.startswith("https") for url in settings.QUEUE_URLS.values()),
        "predefined_queues": {name: {"url": url} for name, url in settings.QUEUE_URLS.items()},
        # After a long poll without a message, the next one begins at once.
        "wait_time_seconds": 10,
        "polling_interval": 0.1,
        # The sender waits for the response: a queue that hangs must not block a request.
        "client-config": {
            "connect_timeout": 2,
            "read_timeout": 5,
            "retries": {"total_max_attempts": 2},
        },
    }


def make_app() -> Celery:
    """Return the Celery application, with settings that lose no work (see docs/adr)."""
    from django.conf import settings

    celery = Celery("vanish")
    celery.conf.update(
        broker_url=settings.CELERY_BROKER_URL,
        broker_transport_options=_build_broker_options(settings.CELERY_BROKER_URL),
        broker_connection_retry_on_startup=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_time_limit=settings.LONGEST_JOB_SECONDS,
        task_default_queue=HOUSEKEEPING,
        task_create_missing_queues=True,
        worker_prefetch_multiplier=1,
        # Nothing waits for results, so a killed child process is replaced at once.
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
    """Keep the logging of Django's settings: with a receiver, Celery does not set up its own."""


app = make_app()
