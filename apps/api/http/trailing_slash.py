"""Addresses of the API without the slash at their end are the same addresses."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

PREFIX = "/api/v1/"


class SlashAtTheEnd:
    """Who leaves it out is not sent away: a redirect would lose the body of a POST."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer of the address with the slash."""
        if request.path_info.startswith(PREFIX) and not request.path_info.endswith("/"):
            request.path_info += "/"
            request.path += "/"
        return self._get_response(request)
