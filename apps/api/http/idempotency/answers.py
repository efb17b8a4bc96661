"""Responses as bytes, to be stored and sent again."""

import json

from django.http import HttpResponse, HttpResponseBase
from rest_framework.response import Response

STORED_HEADERS = (
    "Content-Type",
    "Content-Location",
    "Location",
    "ETag",
    "Retry-After",
    "Preference-Applied",
)
REPLAYED = "Idempotency-Replayed"
MAX_BYTES = 2**20


def pack_response(answer: HttpResponseBase) -> bytes | None:
    """Pack a successful response into bytes; None for any other.

    A file, or a body of more than MAX_BYTES bytes, becomes 303 See Other to its Location.
    """
    if not 200 <= answer.status_code < 300:
        return None
    if isinstance(answer, Response):
        answer.render()
    headers = {name: answer.headers[name] for name in STORED_HEADERS if name in answer.headers}
    if isinstance(answer, HttpResponse) and len(answer.content) <= MAX_BYTES:
        return _join(answer.status_code, headers, answer.content)
    if "Location" not in headers:
        return None
    return _join(303, {"Location": headers["Location"]}, b"")


def unpack_response(data: bytes) -> HttpResponse:
    """Build the same response again, marked as a replay."""
    head, _, body = data.partition(b"\n")
    stored = json.loads(head)
    response = HttpResponse(body, status=stored["status"], headers=stored["headers"])
    response.headers[REPLAYED] = "true"
    return response


def _join(status: int, headers: dict[str, str], body: bytes) -> bytes:
    return json.dumps({"status": status, "headers": headers}).encode() + b"\n" + body
