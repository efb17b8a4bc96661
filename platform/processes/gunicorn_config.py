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
# One import for all processes, and a broken application stops the start instead of looping.
preload_app = True
# What leaks is given back now and then, not by all workers at once.
max_requests = 5000
max_requests_jitter = 1000
# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
# Longer than the 60 s of a load balancer: who closes first must not be the one that is asked.
keepalive = 75
graceful_timeout = settings.STOP_SECONDS
timeout = 60
# Our own middleware alone decides which proxies are believed, and what.
forwarded_allow_ips = ""
loglevel = "warning"
logconfig_dict = settings.LOGGING
control_socket_disable = True


def post_fork(_server: object, worker: Any) -> None:
    """Start what does not survive a fork: the thread that sends traces."""
    if settings.TRACES_ENDPOINT:
        start_tracing("web")
        # It was loaded before the fork, without the middleware that traces.
        worker.app.wsgi().load_middleware()


def post_worker_init(worker: Any) -> None:
    """Who waits for a job ends once the worker is told to stop, or has served its time."""
    tell_ending_by(lambda: not worker.alive)
