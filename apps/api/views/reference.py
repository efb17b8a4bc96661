"""The public pages about the API: the reference and the texts in docs/."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

TITLES = {
    "api": "The API",
    "api-changes": "Changes of the API",
    "webhooks": "Webhooks",
    "masks": "Masks",
}


@require_safe
def show_index(request: HttpRequest) -> HttpResponse:
    """Show the list of the documentation's pages."""
    return render(request, "docs/index.html")


@require_safe
def show_reference(request: HttpRequest) -> HttpResponse:
    """Show every operation of the schema, to read and to try."""
    return render(request, "docs/reference.html")


@require_safe
def show_text(request: HttpRequest, name: str) -> HttpResponse:
    """Show one of the texts in docs/; `name` is a key of TITLES."""
    return render(request, "docs/text.html", {"title": TITLES[name], "body": _render_html(name)})


@cache
def _render_html(name: str) -> SafeString:
    """Return a text of docs/ as HTML. It is part of the source, so its HTML needs no escaping."""
    markdown = (settings.ROOT / "docs" / f"{name}.md").read_text()
    return SafeString(MarkdownIt().enable("table").render(markdown))
