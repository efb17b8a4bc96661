"""The public pages about the API: the reference, and our texts."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

TITLES = {"api": "The API", "api-changes": "Changes of the API", "webhooks": "Webhooks"}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What there is to read."""
    return render(request, "docs/index.html")


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Every operation, out of the schema, to read and to try."""
    return render(request, "docs/reference.html")


@require_safe
def text(request: HttpRequest, name: str) -> HttpResponse:
    """One of our own texts in docs/; `name` is one of TITLES."""
    return render(request, "docs/text.html", {"title": TITLES[name], "body": _html(name)})


@cache
def _html(name: str) -> SafeString:
    """Our own words, which need no escaping."""
    written = (settings.ROOT / "docs" / f"{name}.md").read_text()
    return SafeString(MarkdownIt().enable("table").render(written))
