"""Clients need not know whether a file comes from the server or from a bucket."""

from typing import Any
from urllib.parse import urlsplit

import httpx
from django.http import HttpResponse


def follow_redirect(response: Any) -> Any:
    """The answer itself; where it points to another server, that one's, as a browser would see it.

    The site's own rules for what it sends are the redirect's too, and are not looked at here.
    """
    if not urlsplit(response.headers.get("Location", "")).netloc:
        return response
    download = httpx.get(response["Location"])
    copy = HttpResponse(download.content, status=download.status_code)
    for name in ("Content-Type", "Content-Length", "Content-Disposition", "Cache-Control"):
        if name in download.headers:
            copy[name] = download.headers[name]
    return copy
