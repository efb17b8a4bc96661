"""The public pages that the `type` of a refusal leads to."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from api.problems.registry import CHAPTERS, PROBLEMS


def page_about(code: str) -> str:
    """The path of the page about a cause: the `type` of its refusals, which never changes."""
    return f"/docs/problems/{code}/"


@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """Every cause of a refusal, by chapter."""
    return render(request, "problems/all.html", {"chapters": CHAPTERS})


@require_safe
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """One cause: what it means and what to do."""
    kind = PROBLEMS.get(code)
    if kind is None:
        raise Http404
    statuses = [f"{status} {HTTPStatus(status).phrase}" for status in kind.statuses]
    told = {"means": _with_code(kind.means), "remedy": _with_code(kind.remedy)}
    return render(request, "problems/one.html", {"kind": kind, "statuses": statuses, **told})


def _with_code(text: str) -> SafeString:
    """What stands between backticks as code."""
    parts = text.split("`")
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<code>{}</code>", part) if place % 2 else part,)
            for place, part in enumerate(parts)
        ),
    )
