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
LARGEST = 2**20


def packed(answer: HttpResponseBase) -> bytes | None:
    """Pack a successful response into bytes; None for any other.

    A file, or a body of more than LARGEST bytes, becomes 303 See Other to its Location.
    """
    if not 200 <= answer.status_code < 300:
        return None
    if isinstance(answer, Response):
        answer.render()
    headers = {name: answer.headers[name] for name in STORED_HEADERS if name in answer.headers}
    if isinstance(answer, HttpResponse) and len(answer.content) <= LARGEST:
        return _join(answer.status_code, headers, answer.content)
    if "Location" not in headers:
        return None
    return _join(303, {"Location": headers["Location"]}, b"")


def unpacked(data: bytes) -> HttpResponse:
    """Build the same response again, marked as a replay."""
    head, _, body = data.partition(b"\n")
    start = json.loads(head)
    response = HttpResponse(body, status=start["status"], headers=start["headers"])
    response.headers[REPLAYED] = "true"
    return response


def _join(status: int, headers: dict[str, str], body: bytes) -> bytes:
    return json.dumps({"status": status, "headers": headers}).encode() + b"\n" + body
