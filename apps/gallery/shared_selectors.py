"""Database reads for visitors of share links: what a link shows, and in which state."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Page, Paginator
from django.core.signing import BadSignature
from django.db.models import Q, QuerySet

from gallery import policies
from gallery.models import Photo, Revision, ShareLink
from gallery.selectors import get_by_id
from gallery.share_tokens import read_link_id
from gallery.shared_names import build_shared_title
from web.errors import NotThere

PHOTOS_A_PAGE = 60


@dataclass(frozen=True)
class SharedPhoto:
    """A photo of a link; `number` is 1 for the oldest one that the link shows."""

    photo: Photo
    number: int

    @property
    def title(self) -> str:
        """The title that the owner gave, or the number: never the name of the uploaded file."""
        return build_shared_title(self.photo, self.number)


def get_share_link_by_token(token: str) -> ShareLink:
    """Return the valid share link of `token`; raises NotThere without giving a reason."""
    try:
        return (
            policies.select_valid_share_links().select_related("album").get(pk=read_link_id(token))
        )
    except (BadSignature, ObjectDoesNotExist):
        raise NotThere("page") from None


def list_shared_photos(link: ShareLink) -> QuerySet[Photo]:
    """Return the photos that the link shows, newest first."""
    photos = Photo.objects.filter(album=link.album_id, current__isnull=False)
    if link.photo_id is not None:
        photos = photos.filter(pk=link.photo_id)
    return photos.order_by("-created_at", "id")


def read_shared_page(link: ShareLink, number: str | None) -> tuple[Page[Photo], list[SharedPhoto]]:
    """Return a page of the link's photos, newest first, and its photos with their numbers.

    A `number` that is no page's gives the first or the last page.
    """
    page = Paginator(list_shared_photos(link), PHOTOS_A_PAGE).get_page(number)
    photos: Sequence[Photo] = list(page)
    highest = page.paginator.count - (page.number - 1) * PHOTOS_A_PAGE
    return page, [SharedPhoto(photo, highest - index) for index, photo in enumerate(photos)]


def get_shared_photo(link: ShareLink, photo_id: uuid.UUID) -> SharedPhoto:
    """Return one of the photos that the link shows; raises NotThere for all others."""
    photos = list_shared_photos(link)
    photo = get_by_id(photos.select_related("current"), photo_id, "photo")
    is_older = Q(created_at__lt=photo.created_at)
    is_older |= Q(created_at=photo.created_at, pk__gt=photo.pk)
    return SharedPhoto(photo, photos.filter(is_older).count() + 1)


def get_shared_revision(link: ShareLink, photo: Photo) -> Revision:
    """Return the revision of `photo` that the link shows; raises NotThere when it was deleted.

    It is the current one only if that is not earlier than the one that the link has kept, and
    never when the kept one is fixed. Get `photo` before from `get_shared_photo`: an undo in the
    meantime writes what this reads.
    """
    current = photo.current
    row = link.shared_revisions.filter(photo=photo).first()
    if row is None:
        revision = current
    else:
        revision = Revision.objects.filter(pk=row.revision_id).first()
        if revision and current and not row.is_fixed and current.number > revision.number:
            revision = current
    if revision is None:
        raise NotThere("photo")
    revision.photo = photo
    return revision
