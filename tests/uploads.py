"""Sends files as clients do: to wherever the answers say, by the calls that they say."""

from typing import Any
from urllib.parse import urlsplit

import httpx
from django.test import Client

from accounts.models import User
from gallery.models import Album, Upload
from gallery.services import part_requests_build, upload_begin
from gallery.storage import PartRequest


def send_part(part: PartRequest, data: bytes) -> Any:
    """Make one of the calls, with nobody's session or token; the answer, with `status_code`."""
    piece = data[part.offset : part.offset + part.length]
    return send(part.method, part.url, piece, part.fields, part.headers)


def send(
    method: str,
    url: str,
    piece: bytes,
    fields: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> Any:
    """To another server over HTTP, or to the one under test."""
    if not urlsplit(url).netloc:
        kind = "application/octet-stream"
        return Client().generic(method, url, piece, content_type=kind, headers=headers or {})
    if fields:
        return httpx.request(method, url, data=fields, files={"file": piece}, headers=headers)
    return httpx.request(method, url, content=piece, headers=headers)


def sent(data: bytes, *, user: User, album: Album | None = None, **more: Any) -> Upload:
    """An upload whose bytes have all arrived."""
    upload = upload_begin(user=user, filename="beach.png", length=len(data), album=album, **more)
    for part in part_requests_build(upload):
        answer = send_part(part, data)
        assert answer.status_code in {200, 201, 204}, answer.content
    return upload
