"""A client with one persistent connection; each request is timed until the response's end."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from benchmarks.api.header import QUERIES

BOUNDARY = "vanish-bench"


@dataclass(frozen=True)
class TimedResponse:
    """A response with its duration and its number of queries."""

    status: int
    body: bytes
    seconds: float
    queries: int

    def read_json(self) -> Any:
        """Return the body as JSON, which must be that of a successful request."""
        assert self.status < 400, self.body
        return json.loads(self.body)


class Client:
    """A client that signs in with a token."""

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
    ) -> TimedResponse:
        """Send the request, and return the timed response."""
        own = self._headers | ({"Content-Type": content_type} if body is not None else {})
        start = time.perf_counter()
        self._connection.request(method, path, body=body, headers=own | dict(headers or {}))
        response = self._connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - start
        return TimedResponse(response.status, content, seconds, int(response.headers[QUERIES]))


def encode_form(fields: Mapping[str, Any]) -> tuple[bytes, str]:
    """Return the fields as multipart/form-data and the content type; bytes are sent as files."""
    parts = []
    for name, value in fields.items():
        is_file = isinstance(value, bytes)
        file = f'; filename="{name}.png"\r\nContent-Type: image/png' if is_file else ""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        parts.append(head.encode() + (value if is_file else str(value).encode()) + b"\r\n")
    parts.append(f"--{BOUNDARY}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={BOUNDARY}"
