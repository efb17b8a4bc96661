"""Every request gets an id and a line in the log."""

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
        """Let the request be answered, and put its id on the answer and on all lines meanwhile."""
        begun = time.monotonic()
        request_id = _request_id(request)
        request.request_id = request_id  # type: ignore[attr-defined]
        with log_context(request_id=request_id, user_id=partial(known_user_id, request)):
            response = self._answer(request)
            _log(request, response.status_code, time.monotonic() - begun)
        response["X-Request-ID"] = request_id
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self._get_response(request)
        except Exception:
            # Not even the error page could be made. Gunicorn would log the whole address.
            logger.exception("There is no error page")
            return HttpResponseServerError()


class RequestLines(logging.Filter):
    """Gives Django's own lines about a request its ids, and takes the secrets out of the path."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every line pass."""
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            record.request_id = getattr(request, "request_id", None)
            record.user_id = known_user_id(request)
            if isinstance(record.args, tuple):
                shown = {request.path: hide_secrets(request)}
                record.args = tuple(shown.get(str(part), part) for part in record.args)
        return True


def known_user_id(request: HttpRequest) -> str | None:
    """Whose request it is, where that was looked up already or needs no look-up."""
    user = vars(request).get("user")
    if isinstance(user, LazyObject):
        user = getattr(request, "_cached_user", None)
    key = getattr(user, "pk", None)
    return None if key is None else str(key)


def _request_id(request: HttpRequest) -> str:
    """A proxy's own id, so that both logs can be read together, or a fresh one."""
    root = AMAZON_ROOT.search(request.META.get("HTTP_X_AMZN_TRACE_ID", ""))
    for given in (request.META.get("HTTP_X_REQUEST_ID", ""), root[1] if root else ""):
        if WELL_FORMED.fullmatch(given):
            return str(given)
    return uuid4().hex


def _log(request: HttpRequest, status: int, seconds: float) -> None:
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
