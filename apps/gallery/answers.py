"""Stored pictures as answers of this server, none of which a browser may run."""

from collections.abc import Callable, Iterable
from typing import Final

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response

from gallery.models import Revision
from vision.images import FORMATS

HARDENING: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
KEPT_AN_HOUR = "private, max-age=3600"
ASKED_FOR_AGAIN = "private, no-cache"
NOT_IN_FILENAMES = '/\\:*?"<>|'


def picture(
    request: HttpRequest,
    opened: Callable[[], Iterable[bytes]],
    *,
    mime: str,
    etag: str,
    filename: str = "",
) -> HttpResponseBase:
    """A picture for the screen, with a `filename` to keep; 304 where the browser has it already."""
    headers = {**HARDENING, "Cache-Control": KEPT_AN_HOUR, "ETag": f'"{etag}"'}
    if not filename:  # or it would be called as it is in the storage
        headers["Content-Disposition"] = "inline"
    answer: HttpResponseBase | None = get_conditional_response(request, etag=headers["ETag"])
    answer = answer or FileResponse(
        opened(), as_attachment=bool(filename), filename=filename, content_type=mime
    )
    for name, value in headers.items():
        answer.headers[name] = value
    return answer


def safe_filename(name: str) -> str:
    """Without control characters, and without what some system refuses in a name."""
    kept = (
        " " if letter in NOT_IN_FILENAMES or not letter.isprintable() else letter for letter in name
    )
    return "".join(kept).strip(" .") or "photo"


def download_name(revision: Revision, picture_format: str) -> str:
    """What a revision at full size is called where it is kept."""
    suffix = "-vanished" if revision.number else ""
    extension = FORMATS[picture_format].extension
    return safe_filename(f"{revision.photo.title}{suffix}.{extension}")
