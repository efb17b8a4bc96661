"""Middleware that answers health probes before the host name is checked."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from operations.views import livez, readyz

PROBE_VIEWS: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {
    "/livez": livez,
    "/readyz": readyz,
}


class ProbeMiddleware:
    """Answers probes before all other middleware that could refuse them.

    A load balancer sends probes to the IP address of a task, which is not one of the site's host
    names.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a probe, and pass any other request on."""
        view = PROBE_VIEWS.get(request.path_info)
        return view(request) if view else self._get_response(request)
