"""Notices that a job has ended, from the process that ends it to those that wait (PostgreSQL).

They only end a pause between two looks at the row: without them, as with SQLite, a process that
waits looks often.
"""

import logging
import os
import select
import threading
import time
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

logger = logging.getLogger(__name__)

CHANNEL = "vanish_jobs"
RETRY_SECONDS = 5.0
_CHECK_SECONDS = 60.0


def send_end_notices(keys: Collection[object], **_: object) -> None:
    """Send a notice for each job; PostgreSQL delivers them with the commit of the transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for key in keys:
                cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(key)])


class EndNotices:
    """Receives the notices for this process, with a thread and a connection of its own.

    Both start with the first wait, in web servers only: they call `enable`. A process that was
    forked starts its own.
    """

    def __init__(self) -> None:
        self._is_enabled = False
        self._lock = threading.Lock()
        self._waiting: defaultdict[str, set[threading.Event]] = defaultdict(set)
        self._thread_process = 0
        self._is_listening = threading.Event()

    @property
    def is_listening(self) -> bool:
        """Whether notices arrive now."""
        return self._is_listening.is_set() and self._thread_process == os.getpid()

    def enable(self) -> None:
        """Let this process and those that it forks listen, if the database sends notices."""
        self._is_enabled = connection.vendor == "postgresql"

    @contextmanager
    def expect(self, key: object) -> Iterator[threading.Event]:
        """Yield an event that is set when the notice about the job comes."""
        event = threading.Event()
        with self._lock:
            self._waiting[str(key)].add(event)
            if self._is_enabled and self._thread_process != os.getpid():
                self._thread_process = os.getpid()
                self._is_listening.clear()
                threading.Thread(target=self._listen_always, name="ends", daemon=True).start()
        try:
            yield event
        finally:
            with self._lock:
                self._waiting[str(key)].discard(event)
                if not self._waiting[str(key)]:
                    del self._waiting[str(key)]

    def _listen_always(self) -> None:
        while True:
            own = connection.copy()
            try:
                self._listen(own)
            except Exception:
                logger.info("Notices about ended jobs do not arrive; trying again", exc_info=True)
            finally:
                self._is_listening.clear()
                own.close()
            time.sleep(RETRY_SECONDS)

    def _listen(self, own: Any) -> None:
        with own.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        raw = own.connection
        self._is_listening.set()
        while True:
            if not select.select([raw], [], [], _CHECK_SECONDS)[0]:
                # A connection that was lost without a word is noticed by using it.
                with own.cursor() as cursor:
                    cursor.execute("SELECT 1")
            with own.wrap_database_errors:
                raw.poll()
            while raw.notifies:
                self._set_events(raw.notifies.pop(0).payload)

    def _set_events(self, key: str) -> None:
        with self._lock:
            for event in self._waiting.get(key, ()):
                event.set()


end_notices = EndNotices()
