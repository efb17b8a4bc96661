"""Files as answers: pictures for the screen and downloads, neither of which a browser may run."""

from collections.abc import Callable, Iterable
from typing import Final

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response

HARDENING: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NOT_IN_FILENAMES = '/\\:*?"<>|'


def picture(
    request: HttpRequest, opened: Callable[[], Iterable[bytes]], *, mime: str, etag: str
) -> HttpResponseBase:
    """A picture for the screen, kept by the browser for an hour; 304 where it has it already."""
    headers = {**HARDENING, "Cache-Control": "private, max-age=3600", "ETag": f'"{etag}"'}
    answer: HttpResponseBase | None = get_conditional_response(request, etag=headers["ETag"])
    answer = answer or FileResponse(opened(), content_type=mime)
    for name, value in headers.items():
        answer.headers[name] = value
    return answer


def stored_picture(
    request: HttpRequest, file: FieldFile, *, mime: str, etag: str
) -> HttpResponseBase:
    """Like `picture`, of a stored file."""
    return picture(request, lambda: file.open("rb"), mime=mime, etag=etag)


def download(file: FieldFile, *, mime: str, filename: str) -> HttpResponseBase:
    """A stored file to keep, under a name that every system takes."""
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=safe_filename(filename),
        content_type=mime,
        headers=HARDENING,
    )


def safe_filename(name: str) -> str:
    """Without control characters, and without what some system refuses in a name."""
    kept = (
        " " if letter in NOT_IN_FILENAMES or not letter.isprintable() else letter for letter in name
    )
    return "".join(kept).strip(" .") or "photo"
