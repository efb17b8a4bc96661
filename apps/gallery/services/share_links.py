"""Share links are made and revoked."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from gallery import policies
from gallery.models import Album, Photo, ShareLink
from web.errors import NotThere, Problem

MOST_DAYS = 3650


@transaction.atomic
def share_link_create(
    *, user: User, album: Album, photo: Photo | None = None, expires_in_days: int | None = None
) -> ShareLink:
    """A link that opens `album`, or just one `photo` in it, to anybody; the owner may.

    Without `expires_in_days` it opens it until it is revoked. Raises NotThere for a photo that is
    not in the album, and Problem for a life that is not 1 to 3650 days.
    """
    policies.require_owner(user, album)
    if photo is not None and photo.album_id != album.pk:
        raise NotThere("photo in this album")
    return ShareLink.objects.create(
        album=album, photo=photo, created_by=user, expires_at=_end(expires_in_days)
    )


@transaction.atomic
def share_link_revoke(*, user: User, link: ShareLink) -> None:
    """From now on the link opens nothing; the album's owner may."""
    policies.require_owner(user, link.album)
    share_link_end(link)


@transaction.atomic
def share_link_end(link: ShareLink) -> None:
    """Like `share_link_revoke`, for admins."""
    ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())


def _end(days: int | None) -> datetime | None:
    if days is None:
        return None
    if not 1 <= days <= MOST_DAYS:
        message = f"A link lasts 1 to {MOST_DAYS} days, or until you revoke it."
        raise Problem(message, code="unknown_life", fields={"expires_in_days": [message]})
    return timezone.now() + timedelta(days=days)
