"""Answers as bytes, to be given once more."""

import json

from django.http import HttpResponse, HttpResponseBase
from rest_framework.response import Response

KEPT_HEADERS = (
    "Content-Type",
    "Content-Location",
    "Location",
    "ETag",
    "Retry-After",
    "Preference-Applied",
)
REPLAYED = "Idempotency-Replayed"
LARGEST = 2**20


def packed(answer: HttpResponseBase) -> bytes | None:
    """A success that can be told again; None for everything else.

    A file, or what is larger than LARGEST bytes, becomes 303 See Other to its Location.
    """
    if not 200 <= answer.status_code < 300:
        return None
    if isinstance(answer, Response):
        answer.render()
    headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
    if isinstance(answer, HttpResponse) and len(answer.content) <= LARGEST:
        return _joined(answer.status_code, headers, answer.content)
    if "Location" not in headers:
        return None
    return _joined(303, {"Location": headers["Location"]}, b"")


def unpacked(kept: bytes) -> HttpResponse:
    """The answer as it was, marked as told before."""
    head, _, body = kept.partition(b"\n")
    told = json.loads(head)
    answer = HttpResponse(body, status=told["status"], headers=told["headers"])
    answer.headers[REPLAYED] = "true"
    return answer


def _joined(status: int, headers: dict[str, str], body: bytes) -> bytes:
    return json.dumps({"status": status, "headers": headers}).encode() + b"\n" + body
