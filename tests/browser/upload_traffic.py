"""The parts that the browser uploads, and handlers that disturb them."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Request, Route

PART = re.compile(r"/parts/(\d+)/|[?&]partNumber=(\d+)")
"""The URL of a part of a large file, at the platform or in the bucket."""

COMPLETION_URL = re.compile(r"/api/v1/uploads/[^/]+/photo/$")

RouteHandler = Callable[[Route], None]


def find_part_number(request: Request) -> int | None:
    """Return the number of the part that the request sends, or None if it sends none."""
    match = PART.search(request.url)
    return int(match[1] or match[2]) if match and request.method == "PUT" else None


class Traffic:
    """The numbers of the parts that arrived, and of those that were lost.

    Args:
        page: the page whose uploads are recorded.
    """

    def __init__(self, page: Page) -> None:
        self.arrived: list[int] = []
        self.lost: list[int] = []
        page.on("requestfinished", self._add_finished)
        page.on("requestfailed", lambda request: self._add(self.lost, request))

    def _add_finished(self, request: Request) -> None:
        response = request.response()
        is_ok = response is not None and response.ok
        self._add(self.arrived if is_ok else self.lost, request)

    def _add(self, numbers: list[int], request: Request) -> None:
        number = find_part_number(request)
        if number is not None:
            numbers.append(number)


def drop_connection(route: Route) -> None:
    """Abort the request as if the connection were lost."""
    route.abort("connectionfailed")


def refuse_signature(route: Route) -> None:
    """Respond as a storage does to an expired signature."""
    route.fulfill(status=403, headers={"Access-Control-Allow-Origin": "*"})


def hold_request(route: Route) -> None:
    """Let the request wait for ever."""


def route_part(page: Page, number: int, handler: RouteHandler, *, times: int | None = None) -> None:
    """Call the handler for each request, or the first `times`, that sends this part."""

    def is_part(url: str) -> bool:
        match = PART.search(url)
        return match is not None and int(match[1] or match[2]) == number

    page.route(is_part, handler, times=times)
