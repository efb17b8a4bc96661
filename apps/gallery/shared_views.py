"""What share links open: pages and pictures for anybody.

The link is looked up again at every request, and every byte goes through this server, so a link
that was revoked opens nothing any more, whatever was opened before.
"""

import logging
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gallery import selectors
from gallery.answers import ASKED_FOR_AGAIN, download_name, picture
from gallery.models import Photo, Rendition, ShareLink
from gallery.renditions import screen_rendition, shared_rendition, writable_format
from vision.errors import VisionError
from vision.images import FORMATS
from web.errors import NotThere, Problem

logger = logging.getLogger(__name__)

PHOTOS_A_PAGE = 60
# Whoever has the address has the key: no other site may learn it, and no search engine.
DISCREET = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


def by_link[**Ids](
    view: Callable[Concatenate[HttpRequest, ShareLink, Ids], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """For whoever has a link that opens something; everything else does not exist."""

    @require_safe
    @wraps(view)
    def guarded(
        request: HttpRequest, token: str, *args: Ids.args, **kwargs: Ids.kwargs
    ) -> HttpResponseBase:
        try:
            answer = view(request, selectors.shared_by(token), *args, **kwargs)
        except (NotThere, ObjectDoesNotExist):  # the latter: deleted meanwhile
            raise Http404 from None
        except (OSError, VisionError, Problem):
            logger.exception("What a share link shows cannot be made now")
            answer = render(request, "shared/later.html", status=503)
        answer.headers["Cache-Control"] = ASKED_FOR_AGAIN
        for name, value in DISCREET.items():
            answer.headers[name] = value
        return answer

    return guarded


@by_link
def shared(request: HttpRequest, link: ShareLink) -> HttpResponse:
    """The album's grid, or the one photo that the link is about."""
    if link.photo_id is not None:
        return _photo_page(request, link, link.photo_id)
    pages = Paginator(selectors.shared_photos(link), PHOTOS_A_PAGE)
    photos = pages.get_page(request.GET.get("page"))
    return render(
        request,
        "shared/album.html",
        {"album": link.album, "token": link.token, "photos": photos},
    )


@by_link
def shared_photo(request: HttpRequest, link: ShareLink, photo_id: uuid.UUID) -> HttpResponse:
    """One photo, large."""
    return _photo_page(request, link, photo_id)


@by_link
def shared_thumbnail(
    request: HttpRequest, link: ShareLink, photo_id: uuid.UUID
) -> HttpResponseBase:
    """What the photo looks like now, at most 480 pixels long."""
    return _screen(request, link, photo_id, Rendition.Kind.THUMBNAIL)


@by_link
def shared_preview(request: HttpRequest, link: ShareLink, photo_id: uuid.UUID) -> HttpResponseBase:
    """What the photo looks like now, at most 1920 pixels long."""
    return _screen(request, link, photo_id, Rendition.Kind.PREVIEW)


@by_link
def shared_download(request: HttpRequest, link: ShareLink, photo_id: uuid.UUID) -> HttpResponseBase:
    """The photo as it is now at full size, without place and camera: the upload stays private."""
    revision = selectors.shared_revision(link, photo_id)
    rendition = shared_rendition(revision, writable_format(revision.photo)).rendition
    filename = download_name(revision, rendition.format)
    return _file(request, rendition, filename=filename)


def _photo_page(request: HttpRequest, link: ShareLink, photo_id: uuid.UUID) -> HttpResponse:
    photo: Photo = selectors.shared_photo(link, photo_id)
    album = link.album if link.photo_id is None else None
    return render(
        request, "shared/photo.html", {"album": album, "token": link.token, "photo": photo}
    )


def _screen(
    request: HttpRequest, link: ShareLink, photo_id: uuid.UUID, kind: Rendition.Kind
) -> HttpResponseBase:
    revision = selectors.shared_revision(link, photo_id)
    return _file(request, screen_rendition(revision, kind).rendition)


def _file(request: HttpRequest, rendition: Rendition, *, filename: str = "") -> HttpResponseBase:
    return picture(
        request,
        lambda: rendition.file.open("rb"),
        mime=FORMATS[rendition.format].mime,
        etag=rendition.pk.hex,
        filename=filename,
    )
