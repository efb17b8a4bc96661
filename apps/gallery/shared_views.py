"""Views for visitors of share links: pages and pictures, without sign-in.

Each request looks the link up again, and all bytes go through this server. So a revoked link
shows nothing from the next request on.
"""

import logging
import uuid
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gallery import shared_selectors
from gallery.models import Rendition, ShareLink
from gallery.renditions import choose_writable_format, get_screen_rendition, get_shared_rendition
from gallery.responses import REVALIDATE_ALWAYS, build_picture_response
from gallery.shared_names import build_shared_filename
from vision.errors import VisionError
from vision.images import FORMATS
from web.errors import NotThere, Problem

logger = logging.getLogger(__name__)

# The address is the secret: it must not reach other sites or search engines.
PRIVACY_HEADERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


def require_share_link[**Ids](
    view: Callable[Concatenate[HttpRequest, ShareLink, Ids], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Pass the valid share link of the request's token to the view; raise Http404 otherwise."""

    @require_safe
    @wraps(view)
    def handle_request(
        request: HttpRequest, token: str, *args: Ids.args, **kwargs: Ids.kwargs
    ) -> HttpResponseBase:
        try:
            response = view(
                request, shared_selectors.get_share_link_by_token(token), *args, **kwargs
            )
        except (NotThere, ObjectDoesNotExist):  # the latter: deleted during the request
            raise Http404 from None
        except Problem as problem:
            response = _build_refusal(request, problem)
        except (OSError, VisionError) as error:
            response = _build_later_page(request, error)
        response.headers["Cache-Control"] = REVALIDATE_ALWAYS
        for name, value in PRIVACY_HEADERS.items():
            response.headers[name] = value
        return response

    return handle_request


def _build_refusal(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Build the response to a range or precondition that is not met, or to a busy server."""
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _build_later_page(request, problem)
    return HttpResponse(
        f"{problem.message}\n",
        status=problem.status,
        content_type="text/plain; charset=utf-8",
        headers=dict(problem.headers),
    )


def _build_later_page(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("The page or picture of a share link could not be made", exc_info=error)
    return render(request, "shared/later.html", status=503)


@require_share_link
def show_shared(request: HttpRequest, link: ShareLink) -> HttpResponse:
    """Show the album's grid, or the single photo of the link."""
    if link.photo_id is not None:
        return _render_photo_page(request, link, link.photo_id)
    page, photos = shared_selectors.read_shared_page(link, request.GET.get("page"))
    return render(
        request,
        "shared/album.html",
        {"album": link.album, "token": link.token, "page": page, "photos": photos},
    )


@require_share_link
def show_shared_photo(request: HttpRequest, link: ShareLink, photo_id: uuid.UUID) -> HttpResponse:
    """Show one photo in large."""
    return _render_photo_page(request, link, photo_id)


@require_share_link
def send_shared_thumbnail(
    request: HttpRequest, link: ShareLink, photo_id: uuid.UUID
) -> HttpResponseBase:
    """Send the thumbnail of the shared revision: its longer side has at most 480 pixels."""
    return _send_screen_rendition(request, link, photo_id, Rendition.Kind.THUMBNAIL)


@require_share_link
def send_shared_preview(
    request: HttpRequest, link: ShareLink, photo_id: uuid.UUID
) -> HttpResponseBase:
    """Send the preview of the shared revision: its longer side has at most 1920 pixels."""
    return _send_screen_rendition(request, link, photo_id, Rendition.Kind.PREVIEW)


@require_share_link
def send_shared_download(
    request: HttpRequest, link: ShareLink, photo_id: uuid.UUID
) -> HttpResponseBase:
    """Send the shared revision at full size, without the metadata of the upload."""
    shared = shared_selectors.get_shared_photo(link, photo_id)
    revision = shared_selectors.get_shared_revision(link, shared.photo)
    rendition = get_shared_rendition(revision, choose_writable_format(shared.photo)).rendition
    filename = build_shared_filename(shared.photo, shared.number, rendition.format)
    return _build_picture_response(request, rendition, filename=filename)


def _render_photo_page(request: HttpRequest, link: ShareLink, photo_id: uuid.UUID) -> HttpResponse:
    shared = shared_selectors.get_shared_photo(link, photo_id)
    album = link.album if link.photo_id is None else None
    return render(
        request, "shared/photo.html", {"album": album, "token": link.token, "shared": shared}
    )


def _send_screen_rendition(
    request: HttpRequest, link: ShareLink, photo_id: uuid.UUID, kind: Rendition.Kind
) -> HttpResponseBase:
    photo = shared_selectors.get_shared_photo(link, photo_id).photo
    revision = shared_selectors.get_shared_revision(link, photo)
    return _build_picture_response(request, get_screen_rendition(revision, kind).rendition)


def _build_picture_response(
    request: HttpRequest, rendition: Rendition, *, filename: str = ""
) -> HttpResponseBase:
    return build_picture_response(
        request,
        lambda: rendition.file.open("rb"),
        mime=FORMATS[rendition.format].mime,
        etag=rendition.pk.hex,
        filename=filename,
    )
