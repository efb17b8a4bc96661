"""Whether this process reaches what it needs: the database, the storage and the queue."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from queue import SimpleQueue

from django.db import connection

from gallery.storage import file_store
from jobs.queue_service import check_queues

logger = logging.getLogger(__name__)

OK, FAILED, SLOW = "ok", "failed", "slow"
LIMIT_SECONDS = 2.0
KEPT_SECONDS = 5.0

Check = Callable[[], None]


class Part:
    """One part of the platform, and the one thread that asks how it is.

    A question that gets no answer holds up this thread alone, and no second one is asked
    meanwhile. The thread stays, because connecting anew each time is most of the work.
    """

    def __init__(self, name: str, check: Check) -> None:
        self._name = name
        self._check = check
        self._questions: SimpleQueue[Future[str]] = SimpleQueue()
        self._last: Future[str] | None = None

    def ask(self) -> "Future[str]":
        """The coming answer to a new question, or to the last one while that has none."""
        if self._last is None:
            threading.Thread(target=self._answer, name=f"health-{self._name}", daemon=True).start()
        if self._last is None or self._last.done():
            self._last = Future()
            self._questions.put(self._last)
        return self._last

    def _answer(self) -> None:
        while True:
            question = self._questions.get()
            question.set_result(self._look())

    def _look(self) -> str:
        try:
            self._check()
        except Exception as error:  # noqa: BLE001  whatever it is, the part cannot be used
            logger.warning("The %s failed its check: %s", self._name, error)
            return FAILED
        return OK


class Health:
    """All parts together; one request looks, the others get what it saw for a few seconds."""

    def __init__(
        self,
        checks: Mapping[str, Check],
        *,
        limit_seconds: float = LIMIT_SECONDS,
        kept_seconds: float = KEPT_SECONDS,
    ) -> None:
        self._parts = {name: Part(name, check) for name, check in checks.items()}
        self._limit_seconds = limit_seconds
        self._kept_seconds = kept_seconds
        self._lock = threading.Lock()
        self._seen: dict[str, str] = {}
        self._seen_until = 0.0

    def parts(self) -> dict[str, str]:
        """Each part by its name: ok, failed, or slow when it gave no answer in time."""
        with self._lock:
            if not self._seen or time.monotonic() >= self._seen_until:
                self._seen = self._look()
                self._seen_until = time.monotonic() + self._kept_seconds
            return self._seen

    def _look(self) -> dict[str, str]:
        asked = {name: part.ask() for name, part in self._parts.items()}
        answered, _late = wait(asked.values(), timeout=self._limit_seconds)
        seen = {}
        for name, answer in asked.items():
            seen[name] = answer.result() if answer in answered else SLOW
            if seen[name] == SLOW:
                logger.warning("The %s gave no answer in %g s", name, self._limit_seconds)
        return seen


def _check_database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()


def _check_storage() -> None:
    file_store().is_reachable()


CHECKS: dict[str, Check] = {
    "database": _check_database,
    "storage": _check_storage,
    "queue": check_queues,
}
health = Health(CHECKS)
