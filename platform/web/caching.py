"""Middleware that limits what browsers, and caches such as CloudFront, may store."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase


class PrivateCacheMiddleware:
    """Keeps every response private to its visitor, unless the view decides otherwise.

    A shared cache could otherwise send one visitor's page to all who request it at that moment.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Mark a response as private when it has no Cache-Control header."""
        response = self._get_response(request)
        response.headers.setdefault("Cache-Control", "private")
        return response


class UnknownStaticFileMiddleware:
    """Answers 404 for missing static files.

    Caches store everything below the static URL, so no visitor's page may be sent from there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse a static path: WhiteNoise has already served the files that exist."""
        if not request.path_info.startswith(settings.STATIC_URL):
            return self._get_response(request)
        response = HttpResponse("There is no such file.\n", status=404, content_type="text/plain")
        response.headers["Cache-Control"] = "no-store"
        return response
