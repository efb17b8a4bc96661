"""Notices that a job has ended: sent with the commit, and received by those who wait."""

import os
import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import Error, connection
from django.test.utils import CaptureQueriesContext

from inpainting.models import Edit
from jobs import end_notices
from jobs.end_notices import EndNotices, send_end_notices
from jobs.signals import jobs_ending

only_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="only PostgreSQL sends notices"
)


def test_a_notice_reaches_all_who_wait_for_its_job_and_nobody_else() -> None:
    notices, key, other = EndNotices(), uuid.uuid4(), uuid.uuid4()
    with notices.expect(key) as one, notices.expect(key) as two, notices.expect(other) as three:
        notices._set_events(str(key))
        assert (one.is_set(), two.is_set(), three.is_set()) == (True, True, False)
    assert not notices._waiting


def test_no_thread_starts_where_nothing_is_enabled() -> None:
    notices, before = EndNotices(), threading.active_count()
    with notices.expect(uuid.uuid4()):
        assert threading.active_count() == before
    assert not notices.is_listening


def test_a_forked_process_does_not_listen_with_its_parents_thread() -> None:
    notices = EndNotices()
    notices._is_listening.set()
    notices._thread_process = os.getpid()
    assert notices.is_listening
    notices._thread_process = os.getppid()
    assert not notices.is_listening


@pytest.fixture
def own_connection() -> Iterator[Any]:
    """A connection outside the test's transaction."""
    own = connection.copy()
    yield own
    own.close()


@only_postgresql
@pytest.mark.django_db
def test_the_end_of_a_job_sends_a_notice() -> None:
    with CaptureQueriesContext(connection) as queries:
        jobs_ending.send(Edit, keys=[uuid.uuid4()])
    assert any("pg_notify" in each["sql"] for each in queries)


@only_postgresql
@pytest.mark.django_db
def test_a_notice_arrives_until_the_connection_is_lost(
    own_connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    notices, sender, key = EndNotices(), connection.copy(), uuid.uuid4()
    errors: list[Exception] = []

    def listen() -> None:
        try:
            notices._listen(own_connection)
        except Error as error:
            errors.append(error)

    # Connections belong to their threads, except where this is allowed.
    own_connection.inc_thread_sharing()
    thread = threading.Thread(target=listen)
    thread.start()
    try:
        assert notices._is_listening.wait(10)
        monkeypatch.setattr(end_notices, "connection", sender)
        with notices.expect(key) as notice:
            send_end_notices([uuid.uuid4()])
            assert not notice.wait(0.2)
            send_end_notices([key])
            assert notice.wait(10)
    finally:
        with sender.cursor() as cursor:
            pid = own_connection.connection.info.backend_pid
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        sender.close()
        thread.join(10)
    assert errors
