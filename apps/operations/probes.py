"""Answers probes before anything asks whom they speak to."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from operations.views import livez, readyz

ANSWERS: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {
    "/livez": livez,
    "/readyz": readyz,
}


class ProbeMiddleware:
    """A load balancer asks by the task's own address, which is none of the site's host names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The probe's answer, or everybody else's."""
        probe = ANSWERS.get(request.path_info)
        return probe(request) if probe else self._get_response(request)
