"""Responses with files: pictures for the screen and downloads; a browser must not execute either.

For a file in a bucket the response is a redirect to its signed URL. The view has checked the
user's right before, and it is checked again after that URL has expired.
"""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseRedirect

from gallery.responses import HARDENING_HEADERS, build_picture_response, to_safe_filename
from gallery.storage.base import SignedUrl
from gallery.storage.signed_urls import get_cached_url


def build_stored_picture_response(
    request: HttpRequest, file: FieldFile, link: SignedUrl | None, *, mime: str, etag: str
) -> HttpResponseBase:
    """Build the response with a stored picture, or the redirect to it in the bucket."""
    if link is not None:
        return _redirect(link)
    return build_picture_response(request, lambda: file.open("rb"), mime=mime, etag=etag)


def build_download_response(
    file: FieldFile, *, mime: str, filename: str, link: SignedUrl | None = None
) -> HttpResponseBase:
    """Build the response that downloads a stored file, or the redirect to it.

    The file name is valid on every system. Raises FileNotFoundError if the file is missing.
    """
    link = link or get_cached_url(str(file.name), mime=mime, filename=to_safe_filename(filename))
    if link is not None:
        response = _redirect(link)
        # A full render may be deleted while a cached redirect would still lead to it.
        response.headers["Cache-Control"] = "private, no-store"
        return response
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=to_safe_filename(filename),
        content_type=mime,
        headers=HARDENING_HEADERS,
    )


def _redirect(link: SignedUrl) -> HttpResponseBase:
    """Build a redirect that the browser caches as long as the same URL would be returned again."""
    response = HttpResponseRedirect(link.url)
    response.headers["Cache-Control"] = f"private, max-age={link.seconds}"
    return response
