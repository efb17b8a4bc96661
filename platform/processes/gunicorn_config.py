"""Gunicorn's settings, for `gunicorn --config` with the application `config.wsgi:application`."""

import os
from typing import Any

from config import settings
from config.tracing import start_tracing
from processes.stopping import tell_ending_by

_address = f"[{settings.BIND_ADDRESS}]" if ":" in settings.BIND_ADDRESS else settings.BIND_ADDRESS
bind = f"{_address}:{settings.PORT}"
worker_class = "gthread"
workers = 2
threads = settings.WEB_THREADS
# All workers share one import, and a broken application stops the start instead of restarting.
preload_app = True
# A worker restarts now and then, to free leaked memory; the jitter spreads the restarts.
max_requests = 5000
max_requests_jitter = 1000
# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
# Longer than the 60 s of a load balancer: the load balancer must close a connection first.
keepalive = 75
graceful_timeout = settings.STOP_SECONDS
timeout = 60
# Only our own middleware (web.proxies) decides which proxies and headers are trusted.
forwarded_allow_ips = ""
loglevel = "warning"
logconfig_dict = settings.LOGGING
control_socket_disable = True


def post_fork(_server: object, worker: Any) -> None:
    """Start the thread that sends traces, because threads do not survive a fork."""
    if settings.TRACES_ENDPOINT:
        start_tracing("web")
        # The application was loaded before the fork, without the tracing middleware.
        worker.app.wsgi().load_middleware()


def post_worker_init(worker: Any) -> None:
    """Let requests that wait for a job end when the worker stops or has reached max_requests."""
    tell_ending_by(lambda: not worker.alive)
