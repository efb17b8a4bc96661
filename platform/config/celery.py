"""Celery: a bell that says "there is work"; the database says which."""

import os
from typing import Any

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

EDITS = "edits"
DETECTION = "detection"
ROUTES = {
    "inpainting.tasks.run_next_edit": {"queue": EDITS},
    "inpainting.tasks.run_next_detection": {"queue": DETECTION},
}


def _broker_options(broker_url: str) -> dict[str, Any]:
    """The embedded broker is a folder; its default polling passes one message a second."""
    if not broker_url.startswith("filesystem://"):
        return {}
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
        task_routes=ROUTES,
        task_create_missing_queues=True,
        worker_prefetch_multiplier=1,
        worker_proc_alive_timeout=120,  # the edits worker imports TensorFlow first
        worker_hijack_root_logger=False,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        timezone="UTC",
    )
    celery.autodiscover_tasks(["inpainting"])
    return celery


app = make_app()
