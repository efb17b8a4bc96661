"""Who may keep an answer: its visitor alone, unless the view says otherwise."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


class PrivateCacheMiddleware:
    """A cache between us and visitors, like CloudFront, hands no page of one to another.

    It would otherwise give one answer to all who ask for the same address at the same moment.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Put it on answers that say nothing of caches."""
        response = self._get_response(request)
        response.headers.setdefault("Cache-Control", "private")
        return response
