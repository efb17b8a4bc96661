"""The health of this process: whether it reaches the database, the storage and the queue."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from queue import SimpleQueue

from django.db import connection

from gallery.storage import get_file_store
from jobs.queue_service import check_queues

logger = logging.getLogger(__name__)

OK, FAILED, SLOW = "ok", "failed", "slow"
LIMIT_SECONDS = 2.0
CACHE_SECONDS = 5.0

Check = Callable[[], None]


class Part:
    """One part of the platform, and the one thread that checks it.

    A check that hangs blocks only this thread, and no second check starts before it ends. The
    thread stays alive to reuse its connections, because connecting is most of the work.
    """

    def __init__(self, name: str, check: Check) -> None:
        self._name = name
        self._check = check
        self._requests: SimpleQueue[Future[str]] = SimpleQueue()
        self._last: Future[str] | None = None

    def start_check(self) -> "Future[str]":
        """Return the future result of a new check, or of the last one while it is running."""
        if self._last is None:
            threading.Thread(
                target=self._run_checks, name=f"health-{self._name}", daemon=True
            ).start()
        if self._last is None or self._last.done():
            self._last = Future()
            self._requests.put(self._last)
        return self._last

    def _run_checks(self) -> None:
        while True:
            request = self._requests.get()
            request.set_result(self._run_check())

    def _run_check(self) -> str:
        try:
            self._check()
        except Exception as error:  # noqa: BLE001  after any error the part cannot be used
            logger.warning("The %s failed its check: %s", self._name, error)
            return FAILED
        return OK


class Health:
    """All parts together. One request checks them; for a few seconds, others get its result."""

    def __init__(
        self,
        checks: Mapping[str, Check],
        *,
        limit_seconds: float = LIMIT_SECONDS,
        cache_seconds: float = CACHE_SECONDS,
    ) -> None:
        self._parts = {name: Part(name, check) for name, check in checks.items()}
        self._limit_seconds = limit_seconds
        self._cache_seconds = cache_seconds
        self._lock = threading.Lock()
        self._results: dict[str, str] = {}
        self._valid_until = 0.0

    def check_parts(self) -> dict[str, str]:
        """Return the result of each part by its name: ok, failed, or slow when it is late."""
        with self._lock:
            if not self._results or time.monotonic() >= self._valid_until:
                self._results = self._run_checks()
                self._valid_until = time.monotonic() + self._cache_seconds
            return self._results

    def _run_checks(self) -> dict[str, str]:
        futures = {name: part.start_check() for name, part in self._parts.items()}
        finished, _late = wait(futures.values(), timeout=self._limit_seconds)
        results = {}
        for name, future in futures.items():
            results[name] = future.result() if future in finished else SLOW
            if results[name] == SLOW:
                logger.warning("The %s did not respond within %g s", name, self._limit_seconds)
        return results


def _check_database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()


def _check_storage() -> None:
    get_file_store().check_reachable()


CHECKS: dict[str, Check] = {
    "database": _check_database,
    "storage": _check_storage,
    "queue": check_queues,
}
health = Health(CHECKS)
