"""An example of every operation, for the schema: what is sent, and what is answered.

Each room's module maps the operations' ids to them; a test checks them against the schema.
"""

from collections.abc import Iterator
from typing import Literal

from drf_spectacular.utils import OpenApiExample

from api.operation_examples import (
    accounts,
    albums,
    edits,
    engines,
    photos,
    revisions,
    uploads,
    webhooks,
)
from api.operation_examples.problems import THROTTLED
from api.operation_examples.shape import IN_PATHS, Body, Shown

SHOWN: dict[str, Shown] = {
    **accounts.SHOWN,
    **albums.SHOWN,
    **edits.SHOWN,
    **engines.SHOWN,
    **photos.SHOWN,
    **revisions.SHOWN,
    **uploads.SHOWN,
    **webhooks.SHOWN,
}
JSON, FORM, PROBLEM_JSON = "application/json", "multipart/form-data", "application/problem+json"
PATH: Literal["path"] = "path"


def examples_of(operation_id: str) -> list[OpenApiExample]:
    """The operation's examples as drf-spectacular takes them."""
    shown = SHOWN.get(operation_id, Shown())
    return [*_of_path(), *_of_requests(shown), *_of_answers(shown)]


def _of_path() -> Iterator[OpenApiExample]:
    for name, value in IN_PATHS.items():
        yield OpenApiExample(name, value, parameter_only=(name, PATH))


def _of_requests(shown: Shown) -> Iterator[OpenApiExample]:
    for media_type, bodies in ((JSON, shown.requests), (FORM, shown.forms)):
        for title, body in bodies.items():
            yield OpenApiExample(title, body, request_only=True, media_type=media_type)


def _of_answers(shown: Shown) -> Iterator[OpenApiExample]:
    if shown.response is not None:
        yield _answer("Answer", shown.response, str(shown.status), JSON)
    if shown.ended is not None:
        yield _answer("Ended", shown.ended, "200", JSON)
    for title, problem in ({"Too much at once": THROTTLED} | dict(shown.refusals)).items():
        yield _answer(title, problem, "default", PROBLEM_JSON)


def _answer(title: str, body: Body, status: str, media_type: str) -> OpenApiExample:
    return OpenApiExample(
        title, body, response_only=True, status_codes=[status], media_type=media_type
    )
