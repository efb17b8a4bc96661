"""The id of a request, and its line in the log."""

import logging
import re
import time
from collections.abc import Callable
from functools import partial
from typing import override
from uuid import uuid4

from django.http import HttpRequest, HttpResponseBase, HttpResponseServerError
from django.utils.functional import LazyObject

from config.logs import log_context
from config.request_paths import PROBES, hide_secrets

logger = logging.getLogger(__name__)

WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,64}")
AMAZON_ROOT = re.compile(r"(?:^|;)\s*Root=([^;]*)")


class RequestLogMiddleware:
    """Logs requests without their query strings: these may hold signatures."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Handle the request, and put its id on the response and on every line logged meanwhile."""
        start = time.monotonic()
        request_id = _choose_request_id(request)
        request.request_id = request_id  # type: ignore[attr-defined]
        with log_context(request_id=request_id, user_id=partial(_find_user_id, request)):
            response = self._handle(request)
            _log_request(request, response.status_code, time.monotonic() - start)
        response["X-Request-ID"] = request_id
        return response

    def _handle(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self._get_response(request)
        except Exception:
            # The error page itself failed. Gunicorn would log the URL with its query string.
            logger.exception("The error page could not be built")
            return HttpResponseServerError()


class RequestIdFilter(logging.Filter):
    """Adds the ids of a request to Django's own lines, and removes secrets from the path."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Change the line where it is about a request, and let every line pass."""
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            record.request_id = getattr(request, "request_id", None)
            record.user_id = _find_user_id(request)
            if isinstance(record.args, tuple):
                safe_values = {request.path: hide_secrets(request)}
                record.args = tuple(safe_values.get(str(part), part) for part in record.args)
        return True


def _find_user_id(request: HttpRequest) -> str | None:
    """Return the id of the request's user, or None while the user has not been loaded.

    Never query the database, because a log line must not cause a query.
    """
    user = vars(request).get("user")
    if isinstance(user, LazyObject):
        user = getattr(request, "_cached_user", None)
    key = getattr(user, "pk", None)
    return None if key is None else str(key)


def _choose_request_id(request: HttpRequest) -> str:
    """Return the id that a proxy sent, so that both logs can be read together, or a new one."""
    root = AMAZON_ROOT.search(request.META.get("HTTP_X_AMZN_TRACE_ID", ""))
    for candidate in (request.META.get("HTTP_X_REQUEST_ID", ""), root[1] if root else ""):
        if WELL_FORMED.fullmatch(candidate):
            return str(candidate)
    return uuid4().hex


def _log_request(request: HttpRequest, status: int, seconds: float) -> None:
    path = hide_secrets(request)
    logger.log(
        logging.DEBUG if request.path in PROBES else logging.INFO,
        "%s %s %d",
        request.method,
        path,
        status,
        extra={
            "client": request.META.get("REMOTE_ADDR"),
            "method": request.method,
            "path": path,
            "status": status,
            "seconds": round(seconds, 3),
        },
    )
