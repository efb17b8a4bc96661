"""Middleware: the URLs of the API work with and without a trailing slash."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

PREFIX = "/api/v1/"


class MissingSlashMiddleware:
    """Adds a missing trailing slash without a redirect, which would lose a POST's body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the response of the URL with the slash."""
        if request.path_info.startswith(PREFIX) and not request.path_info.endswith("/"):
            request.path_info += "/"
            request.path += "/"
        return self._get_response(request)
