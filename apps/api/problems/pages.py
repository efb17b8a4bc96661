"""The public pages about the causes of refusals; the `type` of a problem is their path."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from web.problems import CHAPTERS, PROBLEMS


def get_page_path(code: str) -> str:
    """Return the path of the page about a cause: the `type` of its problems; it never changes."""
    return f"/docs/problems/{code}/"


@require_safe
def list_problems(request: HttpRequest) -> HttpResponse:
    """Show every cause of a refusal, by chapter."""
    return render(request, "problems/all.html", {"chapters": CHAPTERS})


@require_safe
def show_problem(request: HttpRequest, code: str) -> HttpResponse:
    """Show one cause: what it means and what to do. Raises Http404 for an unknown code."""
    kind = PROBLEMS.get(code)
    if kind is None:
        raise Http404
    statuses = [f"{status} {HTTPStatus(status).phrase}" for status in kind.statuses]
    texts = {"meaning": _mark_code(kind.meaning), "remedy": _mark_code(kind.remedy)}
    return render(request, "problems/one.html", {"kind": kind, "statuses": statuses, **texts})


def _mark_code(text: str) -> SafeString:
    """Return the text as HTML, with what is between backticks as code."""
    parts = text.split("`")
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<code>{}</code>", part) if place % 2 else part,)
            for place, part in enumerate(parts)
        ),
    )
