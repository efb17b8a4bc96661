"""Clients need not know whether a file comes from the server or from a bucket."""

from typing import Any
from urllib.parse import urlsplit

import httpx
from django.http import HttpResponse


def follow_redirect(answer: Any) -> Any:
    """The answer itself; where it points to another server, that one's, as a browser would see it.

    The site's own rules for what it sends are the redirect's too, and are not looked at here.
    """
    if not urlsplit(answer.headers.get("Location", "")).netloc:
        return answer
    there = httpx.get(answer["Location"])
    found = HttpResponse(there.content, status=there.status_code)
    for name in ("Content-Type", "Content-Length", "Content-Disposition", "Cache-Control"):
        if name in there.headers:
            found[name] = there.headers[name]
    return found
