"""One request with a key works; the others wait for its answer, or are told to come again.

The row is claimed by its unique user and key, and held by a lease: of a request that died, the key
is free again when the lease is over.
"""

import logging
import time
import uuid
from contextlib import suppress

from cryptography.fernet import InvalidToken
from django.db import DatabaseError
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request

from api.cleanup import KEPT
from api.http.idempotency.answers import packed, unpacked
from api.http.idempotency.fingerprint import fingerprint
from api.http.idempotency.keys import HEADER, Key, key_of
from api.http.waiting import turn_to_wait
from api.models import KeptAnswer
from jobs.leases import extend_lease
from web.errors import Fault, Problem

logger = logging.getLogger(__name__)

# Longer than any request takes.
LEASE_SECONDS = 150.0
LONGEST_WAIT = 3.0
PAUSE = 0.1


class Answered(Exception):
    """This was asked and answered before; `answer` is that again."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__()
        self.answer = answer


class Once:
    """The right to do the work of a key: whoever holds it tells what was answered."""

    def __init__(self, key: Key, request_digest: str) -> None:
        self.key = key
        self.request_digest = request_digest
        self.lease_id = uuid.uuid4()

    def end(self, answer: HttpResponseBase) -> None:
        """Keep a success for those who ask again; after anything else the key is free."""
        kept = packed(answer)
        held = KeptAnswer.objects.filter(user=self.key.user, lease_id=self.lease_id)
        try:
            if kept is None:
                held.delete()
            else:
                held.update(answer=self.key.seal(kept))
        except DatabaseError:
            logger.exception("An answer was not kept; its key is free in %s s", LEASE_SECONDS)

    def row(self) -> KeptAnswer:
        """The key's row: claimed now if it was free, else as somebody else left it."""
        while True:
            now = timezone.now()
            ours = {
                "request_digest": self.request_digest,
                "lease_id": self.lease_id,
                **extend_lease(LEASE_SECONDS),
                "created_at": now,
            }
            named = {"user": self.key.user, "key_digest": self.key.digest}
            KeptAnswer.objects.bulk_create([KeptAnswer(**named, **ours)], ignore_conflicts=True)
            # It may be given up between these two: then it is free.
            with suppress(KeptAnswer.DoesNotExist):
                row = KeptAnswer.objects.get(**named)
                if not _is_over(row):
                    return row
                same = KeptAnswer.objects.filter(pk=row.pk, lease_id=row.lease_id)
                same.update(answer=None, **ours)


def begin(request: Request) -> Once | None:
    """The right to do the work that is asked for; None where no key is sent.

    Raises:
        Answered: it was done before.
        Problem: idempotency_key_reused for another body, idempotency_in_progress while the first
            request is at work still, idempotency_key_invalid.
    """
    key = key_of(request)
    if key is None:
        return None
    once = Once(key, fingerprint(request))
    row = once.row()
    if row.lease_id != once.lease_id:
        _require_same(row, once)
        row = _waited_for(row, once)
    if row.lease_id == once.lease_id:
        return once
    _require_same(row, once)
    if row.answer is None:
        raise Problem(
            "The first request with this key is at work still: ask again in a moment.",
            code="idempotency_in_progress",
            headers={"Retry-After": "1"},
        )
    raise Answered(_told_again(row, key))


def _waited_for(row: KeptAnswer, once: Once) -> KeptAnswer:
    """The row once it is answered or ours, or as it is when the patience is over."""
    if row.answer is not None:
        return row
    with turn_to_wait() as may_wait:
        end = time.monotonic() + (LONGEST_WAIT if may_wait else 0)
        while row.lease_id != once.lease_id and row.answer is None and time.monotonic() < end:
            time.sleep(PAUSE)
            row = once.row()
    return row


def _is_over(row: KeptAnswer) -> bool:
    now = timezone.now()
    return row.created_at < now - KEPT or (row.answer is None and row.lease_expires_at < now)


def _require_same(row: KeptAnswer, once: Once) -> None:
    if row.request_digest != once.request_digest:
        message = "This key was sent with another request: take a new key for a new request."
        raise Problem(
            message, code="idempotency_key_reused", faults=[Fault(message, (HEADER,), "header")]
        )


def _told_again(row: KeptAnswer, key: Key) -> HttpResponse:
    try:
        return unpacked(key.unseal(bytes(row.answer or b"")))
    except InvalidToken:
        raise Problem(
            "This was done, but the answer can't be read any more: the site's secret changed.",
            code="idempotency_answer_lost",
        ) from None
