"""Entity tags and preconditions of requests (RFC 9110, section 13).

A client does not get again what it has, and a change does not overwrite another person's change.
The entity tag of a response is the digest of its body, so it changes if, and only if, this user
would see something else. It is a strong tag.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from web.errors import Fault, Problem
from web.preconditions import (
    IF_MATCH,
    IF_NONE_MATCH,
    meets_if_match,
    names_in_if_none_match,
)

REVALIDATE = "private, no-cache"
SAFE = ("GET", "HEAD")
_TAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200], description="Names what is shown."
)
IF_NONE_MATCH_PARAMETER = OpenApiParameter(
    IF_NONE_MATCH, str, OpenApiParameter.HEADER, description="Tags of what you have: then 304."
)
READ_PARAMETERS = (_TAG, IF_NONE_MATCH_PARAMETER)
CHANGE_PARAMETERS = (
    _TAG,
    OpenApiParameter(
        IF_MATCH,
        str,
        OpenApiParameter.HEADER,
        description="Only while the photo, album or whatever it is has one of these tags, or 412.",
    ),
)


def _build_tag(body: bytes) -> str:
    """Build the entity tag of a response with this body, with its quotes."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def can_have_tag(request: Request, answer: object) -> bool:
    """Return whether the response is the whole of a resource, and not a file with its own tag."""
    return (
        request.method in SAFE
        and isinstance(answer, HttpResponse)
        and answer.status_code == 200
        and not answer.has_header("ETag")
    )


def add_entity_tag[Answer: HttpResponse](request: Request, answer: Answer) -> Answer:
    """Add the entity tag to a response; make it a 304 without a body if the client has it.

    Raises Problem (412) if If-Match names other tags.
    """
    if isinstance(answer, Response):
        answer.render()
    tag = _build_tag(answer.content)
    _require_match(request, tag)
    answer.headers["ETag"] = tag
    answer.headers.setdefault("Cache-Control", REVALIDATE)
    if names_in_if_none_match(request.headers, tag):
        answer.status_code = 304
        answer.content = b""
        del answer.headers["Content-Type"]
    return answer


def add_tag_after_change(answer: object) -> None:
    """Add the entity tag to the response of a change; the next change can use it."""
    if isinstance(answer, Response) and answer.status_code == 200:
        answer.headers["ETag"] = _build_tag(JSONRenderer().render(answer.data))


@contextmanager
def require_unchanged(
    request: Request,
    row: Model,
    *,
    check_right: Callable[[], object],
    build_response: Callable[[], Response],
) -> Iterator[None]:
    """Check If-Match and If-None-Match, then run the block while `row` is locked.

    `check_right` is called first: it raises if the user may not change the row. `build_response`
    builds the response that the tags belong to. It is called with the row locked, so no other
    request changes the row until the block's changes are saved. Raises Problem (412).
    """
    if not is_conditional(request):
        yield
        return
    check_right()
    with transaction.atomic():
        type(row)._default_manager.select_for_update().filter(pk=row.pk).first()  # noqa: SLF001
        tag = _build_tag(JSONRenderer().render(build_response().data))
        _require_match(request, tag)
        if names_in_if_none_match(request.headers, tag):
            raise _build_problem(IF_NONE_MATCH)
        yield


def is_conditional(request: Request) -> bool:
    """Return whether the request has a precondition."""
    return IF_MATCH in request.headers or IF_NONE_MATCH in request.headers


def refuse_conditions(request: Request) -> None:
    """Refuse a precondition that would not be checked here. Raises Problem (400)."""
    if not is_conditional(request):
        return
    name = IF_MATCH if IF_MATCH in request.headers else IF_NONE_MATCH
    message = f"This address does not support preconditions: leave out {name}."
    fault = Fault(message, (name,), "header")
    raise Problem(message, code="condition_not_supported", faults=[fault])


def _require_match(request: Request, tag: str) -> None:
    if not meets_if_match(request.headers, tag):
        raise _build_problem(IF_MATCH)


def _build_problem(header: str) -> Problem:
    message = "This has changed since you looked at it: get it again, then decide anew."
    fault = Fault(message, (header,), "header")
    return Problem(message, code="precondition_failed", faults=[fault])
