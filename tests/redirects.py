"""Responses that may redirect to a bucket."""

from typing import Any
from urllib.parse import urlsplit

import httpx
from django.http import HttpResponse


def follow_redirect(response: Any) -> Any:
    """Return the response, or what another server sends if it redirects there, as a browser does.

    Only the headers that both kinds of storage send are copied.
    """
    if not urlsplit(response.headers.get("Location", "")).netloc:
        return response
    download = httpx.get(response["Location"])
    copy = HttpResponse(download.content, status=download.status_code)
    for name in ("Content-Type", "Content-Length", "Content-Disposition", "Cache-Control"):
        if name in download.headers:
            copy[name] = download.headers[name]
    return copy
