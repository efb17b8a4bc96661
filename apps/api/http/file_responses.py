"""Responses with files: pictures for the screen and downloads; a browser must not execute either.

For a file in a bucket the response is a redirect to its signed URL. The view has checked the
user's right before, and it is checked again after that URL has expired.
"""

from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from drf_spectacular.utils import OpenApiParameter

from api.http.conditional import IF_NONE_MATCH_PARAMETER
from gallery.models import Photo
from gallery.responses import REVALIDATE_ALWAYS, build_picture_response, to_safe_filename
from gallery.storage.base import SignedUrl
from gallery.storage.signed_urls import get_cached_url
from vision.images import FORMATS

PARAMETERS = (
    OpenApiParameter(
        "Range",
        str,
        OpenApiParameter.HEADER,
        description="The part wanted, like `bytes=1000-` or `bytes=-500`: then 206. Several parts "
        "at once are answered with the whole file.",
    ),
    OpenApiParameter(
        "If-Range",
        str,
        OpenApiParameter.HEADER,
        description="The ETag of the part that you have: the whole file if it is another by now.",
    ),
    OpenApiParameter(
        "Accept-Ranges", str, OpenApiParameter.HEADER, response=[200, 206], description="`bytes`."
    ),
    OpenApiParameter(
        "Content-Range",
        str,
        OpenApiParameter.HEADER,
        response=[206],
        description="Which bytes these are, and how many there are: `bytes 1000-1999/5000`.",
    ),
    OpenApiParameter(
        "ETag", str, OpenApiParameter.HEADER, response=[200, 206], description="Names the bytes."
    ),
    IF_NONE_MATCH_PARAMETER,
)


def build_stored_picture_response(
    request: HttpRequest, file: FieldFile, link: SignedUrl | None, *, mime: str, etag: str
) -> HttpResponseBase:
    """Build the response with a stored picture, or the redirect to it in the bucket."""
    if link is not None:
        return _redirect(link)
    return build_picture_response(request, lambda: file.open("rb"), mime=mime, etag=etag)


def build_original_response(request: HttpRequest, photo: Photo) -> HttpResponseBase:
    """Build the response that downloads the uploaded file, byte for byte."""
    return build_download_response(
        request,
        photo.original,
        mime=FORMATS[photo.format].mime,
        filename=photo.filename,
        etag=photo.original_sha256,
    )


def build_download_response(
    request: HttpRequest,
    file: FieldFile,
    *,
    mime: str,
    filename: str,
    etag: str,
    link: SignedUrl | None = None,
) -> HttpResponseBase:
    """Build the response that downloads a stored file, or the redirect to it.

    The file name is valid on every system. Raises FileNotFoundError if the file is missing.
    """
    filename = to_safe_filename(filename)
    link = link or get_cached_url(str(file.name), mime=mime, filename=filename)
    if link is not None:
        response = _redirect(link)
        # A full render may be deleted while a cached redirect would still lead to it.
        response.headers["Cache-Control"] = "private, no-store"
        return response
    return build_picture_response(
        request,
        lambda: file.open("rb"),
        mime=mime,
        etag=etag,
        filename=filename,
        cache_control=REVALIDATE_ALWAYS,
    )


def _redirect(link: SignedUrl) -> HttpResponseBase:
    """Build a redirect that the browser caches as long as the same URL would be returned again."""
    response = HttpResponseRedirect(link.url)
    response.headers["Cache-Control"] = f"private, max-age={link.seconds}"
    return response
