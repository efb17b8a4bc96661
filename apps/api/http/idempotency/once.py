"""One request with a key does the work; the others wait for its response, or get 409.

The row is claimed by its unique user and key, with a lease: if the request dies, the key is free
again when the lease has expired.
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

from api.cleanup import RETENTION
from api.http.idempotency.answers import pack_response, unpack_response
from api.http.idempotency.fingerprint import compute_fingerprint
from api.http.idempotency.keys import HEADER, Key, read_key
from api.http.waiting import acquire_waiting_slot
from api.models import KeptAnswer
from jobs.leases import extend_lease
from web.errors import Fault, Problem

logger = logging.getLogger(__name__)

# Longer than any request takes.
LEASE_SECONDS = 150.0
LONGEST_WAIT = 3.0
PAUSE = 0.1


class AlreadyAnswered(Exception):
    """The request was answered before; `answer` is the same response again."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__()
        self.answer = answer


class KeyClaim:
    """The right to do the work of a key; the request that has it stores its response."""

    def __init__(self, key: Key, request_digest: str) -> None:
        self.key = key
        self.request_digest = request_digest
        self.lease_id = uuid.uuid4()

    def store_response(self, answer: HttpResponseBase) -> None:
        """Store a successful response for repeated requests; after any other the key is free."""
        data = pack_response(answer)
        claim = KeptAnswer.objects.filter(user=self.key.user, lease_id=self.lease_id)
        try:
            if data is None:
                claim.delete()
            else:
                claim.update(answer=self.key.seal(data))
        except DatabaseError:
            logger.exception("A response was not stored; its key is free in %s s", LEASE_SECONDS)

    def claim_row(self) -> KeptAnswer:
        """Claim the key's row if it is free; return it, else as another request left it."""
        while True:
            now = timezone.now()
            values = {
                "request_digest": self.request_digest,
                "lease_id": self.lease_id,
                **extend_lease(LEASE_SECONDS),
                "created_at": now,
            }
            identity = {"user": self.key.user, "key_digest": self.key.digest}
            KeptAnswer.objects.bulk_create(
                [KeptAnswer(**identity, **values)], ignore_conflicts=True
            )
            # The other request may delete the row between these two statements: then try again.
            with suppress(KeptAnswer.DoesNotExist):
                row = KeptAnswer.objects.get(**identity)
                if not _is_expired(row):
                    return row
                same = KeptAnswer.objects.filter(pk=row.pk, lease_id=row.lease_id)
                same.update(answer=None, **values)


def claim_key(request: Request) -> KeyClaim | None:
    """Claim the key of the request; None if it has none.

    Raises:
        Answered: the work was done before.
        Problem: idempotency_key_reused for another body, idempotency_in_progress while the first
            request is still at work, idempotency_key_invalid.
    """
    key = read_key(request)
    if key is None:
        return None
    once = KeyClaim(key, compute_fingerprint(request))
    row = once.claim_row()
    if row.lease_id != once.lease_id:
        _require_same(row, once)
        row = _wait_for_answer(row, once)
    if row.lease_id == once.lease_id:
        return once
    _require_same(row, once)
    if row.answer is None:
        raise Problem(
            "The first request with this key is at work still: ask again in a moment.",
            code="idempotency_in_progress",
            headers={"Retry-After": "1"},
        )
    raise AlreadyAnswered(_replay(row, key))


def _wait_for_answer(row: KeptAnswer, once: KeyClaim) -> KeptAnswer:
    """Wait for a response, or until this request owns the row, at most LONGEST_WAIT seconds."""
    if row.answer is not None:
        return row
    with acquire_waiting_slot() as may_wait:
        end = time.monotonic() + (LONGEST_WAIT if may_wait else 0)
        while row.lease_id != once.lease_id and row.answer is None and time.monotonic() < end:
            time.sleep(PAUSE)
            row = once.claim_row()
    return row


def _is_expired(row: KeptAnswer) -> bool:
    now = timezone.now()
    return row.created_at < now - RETENTION or (row.answer is None and row.lease_expires_at < now)


def _require_same(row: KeptAnswer, once: KeyClaim) -> None:
    if row.request_digest != once.request_digest:
        message = "This key was sent with another request: take a new key for a new request."
        raise Problem(
            message, code="idempotency_key_reused", faults=[Fault(message, (HEADER,), "header")]
        )


def _replay(row: KeptAnswer, key: Key) -> HttpResponse:
    try:
        return unpack_response(key.unseal(bytes(row.answer or b"")))
    except InvalidToken:
        raise Problem(
            "This was done, but the answer can't be read any more: the site's secret changed.",
            code="idempotency_answer_lost",
        ) from None
