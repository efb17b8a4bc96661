"""What the browser sends while it uploads, and ways to be in its way."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Request, Route

PART = re.compile(r"/parts/(\d+)/|[?&]partNumber=(\d+)")
"""A part of a large file, on its way to our own server or to the bucket."""

TAKE_IN = re.compile(r"/api/v1/uploads/[^/]+/photo/$")

Hindrance = Callable[[Route], None]


def part_number(request: Request) -> int | None:
    """Which part of a file the request brings; None where it brings none."""
    found = PART.search(request.url)
    return int(found[1] or found[2]) if found and request.method == "PUT" else None


class Traffic:
    """The numbers of the parts that arrived, and of those that were lost.

    Args:
        page: whose uploads are watched.
    """

    def __init__(self, page: Page) -> None:
        self.arrived: list[int] = []
        self.lost: list[int] = []
        page.on("requestfinished", self._note_finished)
        page.on("requestfailed", lambda request: self._note(self.lost, request))

    def _note_finished(self, request: Request) -> None:
        answer = request.response()
        is_taken = answer is not None and answer.ok
        self._note(self.arrived if is_taken else self.lost, request)

    def _note(self, numbers: list[int], request: Request) -> None:
        number = part_number(request)
        if number is not None:
            numbers.append(number)


def lose(route: Route) -> None:
    """The connection is gone."""
    route.abort("connectionfailed")


def refuse(route: Route) -> None:
    """The storage says that the signature is over."""
    route.fulfill(status=403, headers={"Access-Control-Allow-Origin": "*"})


def hold(route: Route) -> None:
    """It never gets anywhere."""


def hinder_part(page: Page, number: int, hindrance: Hindrance, *, times: int | None = None) -> None:
    """Do that to each request, or the first `times`, that brings this part."""

    def look(url: str) -> bool:
        found = PART.search(url)
        return found is not None and int(found[1] or found[2]) == number

    page.route(look, hindrance, times=times)
