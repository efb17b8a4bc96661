"""Gunicorn's settings: `gunicorn --config platform/config/gunicorn.py config.wsgi:application`."""

import os

from config import settings

bind = f"{settings.BIND_ADDRESS}:{settings.PORT}"
worker_class = "gthread"
workers = 2
threads = 8
# One import for all processes, and a broken application stops the start instead of looping.
preload_app = True
# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
graceful_timeout = 20
timeout = 60
loglevel = "warning"
control_socket_disable = True
