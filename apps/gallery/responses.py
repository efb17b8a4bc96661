"""HTTP responses with stored pictures, with headers that stop a browser from running them."""

from collections.abc import Callable
from http import HTTPStatus
from os import SEEK_END
from typing import IO, Final

from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseNotModified

from gallery.models import Revision
from gallery.names import clean_name
from vision.images import FORMATS
from web.byte_ranges import FileSlice, select_range
from web.errors import Problem
from web.preconditions import meets_if_match, names_in_if_none_match

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
    open_file: Callable[[], IO[bytes]],
    *,
    mime: str,
    etag: str,
    filename: str = "",
    cache_control: str = CACHE_FOR_AN_HOUR,
) -> HttpResponseBase:
    """Build the response with a picture's bytes, or with the part of them that Range names.

    It is a 304 if the browser has the picture already. `etag` identifies these bytes, without
    quotes. With a `filename` the browser saves the picture under this name; without, it shows it.
    `open_file` is called only when the bytes are needed. Raises Problem (412, 416).
    """
    tag = f'"{etag}"'
    headers = {**HARDENING_HEADERS, "Cache-Control": cache_control, "ETag": tag}
    headers["Accept-Ranges"] = "bytes"
    if not filename:  # or Django would send the name that the file has in the storage
        headers["Content-Disposition"] = "inline"
    if not meets_if_match(request.headers, tag):
        message = "The file has changed since you looked at it: get it again without If-Match."
        raise Problem(message, code="precondition_failed")
    if names_in_if_none_match(request.headers, tag):
        return HttpResponseNotModified(headers=headers)
    response = _build_file_response(request, open_file(), mime, filename, tag)
    for name, value in headers.items():
        response.headers[name] = value
    return response


def _build_file_response(
    request: HttpRequest, file: IO[bytes], mime: str, filename: str, tag: str
) -> FileResponse:
    try:
        size = file.seek(0, SEEK_END)
        file.seek(0)
        part = None
        if request.method == "GET":
            part = select_range(request.headers, tag=tag, size=size)
    except BaseException:
        file.close()
        raise
    response = FileResponse(
        file if part is None else FileSlice(file, part),
        as_attachment=bool(filename),
        filename=filename,
        content_type=mime,
        status=HTTPStatus.OK if part is None else HTTPStatus.PARTIAL_CONTENT,
    )
    if part is not None:
        response.headers["Content-Length"] = str(part.length)
        response.headers["Content-Range"] = part.to_content_range(size)
    return response


def to_safe_filename(name: str) -> str:
    """Return `name` without characters that an operating system forbids in file names."""
    letters = (" " if letter in FORBIDDEN_IN_FILENAMES else letter for letter in name)
    return clean_name("".join(letters), replacement=" ").strip(" .") or "photo"


def build_download_name(revision: Revision, picture_format: str) -> str:
    """Return the file name under which a download of the revision is saved."""
    suffix = "-vanished" if revision.number else ""
    extension = FORMATS[picture_format].extension
    return to_safe_filename(f"{revision.photo.title}{suffix}.{extension}")
