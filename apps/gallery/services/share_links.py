"""Services that create and revoke share links."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from gallery import policies
from gallery.models import Album, Photo, ShareLink
from gallery.services.shared_revisions import shared_revisions_fix
from web.errors import NotThere, Problem

MAX_DAYS = 3650


@transaction.atomic
def share_link_create(
    *,
    user: User,
    album: Album,
    photo: Photo | None = None,
    expires_in_days: int | None = None,
    always_newest: bool = False,
) -> ShareLink:
    """Create a link that shows `album`, or only one `photo` in it, without sign-in.

    It shows each photo as it is now. With `always_newest`, and for photos that are added to the
    album later, it also shows later edits, but never an earlier revision than before.

    `user` must be the album's owner. Without `expires_in_days` the link is valid until it is
    revoked. Raises NotThere for a photo that is not in the album, and Problem unless
    `expires_in_days` is 1 to 3650.
    """
    policies.require_owner(user, album)
    if photo is not None and photo.album_id != album.pk:
        raise NotThere("photo in this album")
    link = ShareLink.objects.create(
        album=album,
        photo=photo,
        created_by=user,
        expires_at=_calculate_expiry(expires_in_days),
        always_newest=always_newest,
    )
    if not always_newest:
        shared_revisions_fix(link)
    return link


@transaction.atomic
def share_link_revoke(*, user: User, link: ShareLink) -> None:
    """Revoke the link, which shows nothing from now on; `user` must be the album's owner."""
    policies.require_owner(user, link.album)
    share_link_revoke_unchecked(link)


@transaction.atomic
def share_link_revoke_unchecked(link: ShareLink) -> None:
    """Revoke a link like `share_link_revoke`, but without a check of rights (for admins)."""
    ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())


def _calculate_expiry(days: int | None) -> datetime | None:
    if days is None:
        return None
    if not 1 <= days <= MAX_DAYS:
        message = f"A link lasts 1 to {MAX_DAYS} days, or until you revoke it."
        raise Problem(message, code="unknown_life", fields={"expires_in_days": [message]})
    return timezone.now() + timedelta(days=days)
