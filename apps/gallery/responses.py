"""HTTP responses with stored pictures, with headers that stop a browser from running them."""

from collections.abc import Callable, Iterable
from typing import Final

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response

from gallery.models import Revision
from vision.images import FORMATS

HARDENING_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CACHE_FOR_AN_HOUR = "private, max-age=3600"
REVALIDATE_ALWAYS = "private, no-cache"
FORBIDDEN_IN_FILENAMES = '/\\:*?"<>|'


def build_picture_response(
    request: HttpRequest,
    open_file: Callable[[], Iterable[bytes]],
    *,
    mime: str,
    etag: str,
    filename: str = "",
) -> HttpResponseBase:
    """Build the response with a picture's bytes, or a 304 when the browser has it already.

    With a `filename` the browser saves the picture under this name; without, it shows it.
    `open_file` is called only when the bytes are needed.
    """
    headers = {**HARDENING_HEADERS, "Cache-Control": CACHE_FOR_AN_HOUR, "ETag": f'"{etag}"'}
    if not filename:  # or Django would send the name that the file has in the storage
        headers["Content-Disposition"] = "inline"
    response: HttpResponseBase | None = get_conditional_response(request, etag=headers["ETag"])
    response = response or FileResponse(
        open_file(), as_attachment=bool(filename), filename=filename, content_type=mime
    )
    for name, value in headers.items():
        response.headers[name] = value
    return response


def to_safe_filename(name: str) -> str:
    """Return `name` without characters that an operating system forbids in file names."""
    letters = (
        " " if letter in FORBIDDEN_IN_FILENAMES or not letter.isprintable() else letter
        for letter in name
    )
    return "".join(letters).strip(" .") or "photo"


def build_download_name(revision: Revision, picture_format: str) -> str:
    """Return the file name under which a download of the revision is saved."""
    suffix = "-vanished" if revision.number else ""
    extension = FORMATS[picture_format].extension
    return to_safe_filename(f"{revision.photo.title}{suffix}.{extension}")
