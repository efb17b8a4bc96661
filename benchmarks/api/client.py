"""Calls over one connection that stays open, each timed from its first byte to its last."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from benchmarks.api.header import QUERIES

BOUNDARY = "vanish-bench"


@dataclass(frozen=True)
class Answer:
    """What came back, and what it took."""

    status: int
    body: bytes
    seconds: float
    queries: int

    def json(self) -> Any:
        """The body as JSON, of a success."""
        assert self.status < 400, self.body
        return json.loads(self.body)


class Client:
    """Somebody with a token."""

    def __init__(self, connection: HTTPConnection, token: str) -> None:
        self._connection = connection
        self._headers = {"Authorization": f"Bearer {token}"}

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        content_type: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Make the call."""
        own = self._headers | ({"Content-Type": content_type} if body is not None else {})
        start = time.perf_counter()
        self._connection.request(method, path, body=body, headers=own | dict(headers or {}))
        answer = self._connection.getresponse()
        received = answer.read()
        seconds = time.perf_counter() - start
        return Answer(answer.status, received, seconds, int(answer.headers[QUERIES]))


def form(fields: Mapping[str, Any]) -> tuple[bytes, str]:
    """multipart/form-data, and its type; bytes are files."""
    parts = []
    for name, value in fields.items():
        is_file = isinstance(value, bytes)
        file = f'; filename="{name}.png"\r\nContent-Type: image/png' if is_file else ""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        parts.append(head.encode() + (value if is_file else str(value).encode()) + b"\r\n")
    parts.append(f"--{BOUNDARY}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={BOUNDARY}"
