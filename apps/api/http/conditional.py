"""Answers that a caller has already, and changes that must not undo somebody else's (RFC 9110, 13).

An answer's tag is the digest of its body, so it changes when, and only when, the asker would see
something else. It is a strong one.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from web.errors import Fault, Problem

REVALIDATED = "private, no-cache"
SAFE = ("GET", "HEAD")
IF_MATCH, IF_NONE_MATCH = "If-Match", "If-None-Match"
_TAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200], description="Names what is shown."
)
LOOK_PARAMETERS = (
    _TAG,
    OpenApiParameter(
        IF_NONE_MATCH, str, OpenApiParameter.HEADER, description="Tags of what you have: then 304."
    ),
)
CHANGE_PARAMETERS = (
    _TAG,
    OpenApiParameter(
        IF_MATCH,
        str,
        OpenApiParameter.HEADER,
        description="Only while the photo, album or whatever it is has one of these tags, or 412.",
    ),
)


def tag_of(body: bytes) -> str:
    """The entity tag of an answer with this body, in its quotes."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def may_be_tagged(request: Request, answer: object) -> bool:
    """Whether it is the whole of something that was asked for, and not a file with its own tag."""
    return (
        request.method in SAFE
        and isinstance(answer, HttpResponse)
        and answer.status_code == 200
        and not answer.has_header("ETag")
    )


def tagged[Answer: HttpResponse](request: Request, answer: Answer) -> Answer:
    """The answer with its tag; 304 without a body for whoever has it already.

    Raises Problem (412) when the caller wants another one than this.
    """
    if isinstance(answer, Response):
        answer.render()
    tag = tag_of(answer.content)
    _refuse_unless_matching(request, tag)
    answer.headers["ETag"] = tag
    answer.headers.setdefault("Cache-Control", REVALIDATED)
    if _has_it(request, tag):
        answer.status_code = 304
        answer.content = b""
        del answer.headers["Content-Type"]
    return answer


def tag_changed(answer: object) -> None:
    """What a change has made of the thing has its tag too, for the next change."""
    if isinstance(answer, Response) and answer.status_code == 200:
        answer.headers["ETag"] = tag_of(JSONRenderer().render(answer.data))


@contextmanager
def unchanged(
    request: Request, row: Model, *, allowed: Callable[[], object], shown: Callable[[], Response]
) -> Iterator[None]:
    """Inside it `row` is what the caller takes it for, by If-Match and If-None-Match.

    `shown` is the answer that the tags are of, looked at with the row locked, and nobody changes
    the row until the block's changes are in. Whoever is not `allowed` to change it (which raises)
    is told so in the first place. Raises Problem (412).
    """
    if not is_conditional(request):
        yield
        return
    allowed()
    with transaction.atomic():
        type(row)._default_manager.select_for_update().filter(pk=row.pk).first()  # noqa: SLF001
        tag = tag_of(JSONRenderer().render(shown().data))
        _refuse_unless_matching(request, tag)
        if _has_it(request, tag):
            raise _refusal(IF_NONE_MATCH)
        yield


def is_conditional(request: Request) -> bool:
    """Whether the request should have an effect under conditions only."""
    return IF_MATCH in request.headers or IF_NONE_MATCH in request.headers


def refuse_conditions(request: Request) -> None:
    """Where nothing is checked, nobody may believe that it was. Raises Problem (400)."""
    if not is_conditional(request):
        return
    name = IF_MATCH if IF_MATCH in request.headers else IF_NONE_MATCH
    message = f"This address cannot be asked to act on condition: leave out {name}."
    fault = Fault(message, (name,), "header")
    raise Problem(message, code="condition_not_supported", faults=[fault])


def _refuse_unless_matching(request: Request, tag: str) -> None:
    """Strong comparison: a weak tag says that something looks alike, not that it is the same."""
    if IF_MATCH in request.headers:
        wanted = parse_etags(request.headers[IF_MATCH])
        if wanted != ["*"] and tag not in wanted:
            raise _refusal(IF_MATCH)


def _has_it(request: Request, tag: str) -> bool:
    """Weak comparison."""
    had = parse_etags(request.headers.get(IF_NONE_MATCH, ""))
    return had == ["*"] or tag in (each.removeprefix("W/") for each in had)


def _refusal(header: str) -> Problem:
    message = "This has changed since you looked at it: get it again, then decide anew."
    fault = Fault(message, (header,), "header")
    return Problem(message, code="precondition_failed", faults=[fault])
