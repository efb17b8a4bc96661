"""Uploads files as clients do: by the requests that the API's responses describe."""

from typing import Any
from urllib.parse import urlsplit

import httpx
from django.test import Client

from accounts.models import User
from gallery.models import Album, Upload
from gallery.services import part_requests_build, upload_begin
from gallery.storage import PartRequest


def send_part(part: PartRequest, data: bytes) -> Any:
    """Send one part without session or token, and return the response."""
    piece = data[part.offset : part.offset + part.length]
    return send_request(part.method, part.url, piece, part.fields, part.headers)


def send_request(
    method: str,
    url: str,
    content: bytes,
    fields: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> Any:
    """Send a request over HTTP to another server, or to the site under test."""
    if not urlsplit(url).netloc:
        content_type = "application/octet-stream"
        return Client().generic(
            method, url, content, content_type=content_type, headers=headers or {}
        )
    if fields:
        return httpx.request(method, url, data=fields, files={"file": content}, headers=headers)
    return httpx.request(method, url, content=content, headers=headers)


def upload_file(data: bytes, *, user: User, album: Album | None = None, **more: Any) -> Upload:
    """Upload `data` completely and return the upload."""
    upload = upload_begin(user=user, filename="beach.png", length=len(data), album=album, **more)
    for part in part_requests_build(upload):
        answer = send_part(part, data)
        assert answer.status_code in {200, 201, 204}, answer.content
    return upload
