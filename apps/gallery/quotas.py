"""How much of their storage users have used.

What counts is what cannot be made again: originals, masks, and patches of revisions. It counts for
the owner of the album that it is in, whoever uploaded it; renditions count for nobody.
"""

from django.db.models import F, QuerySet, Sum

from accounts.models import User
from accounts.quotas import MEGABYTE, get_quota
from gallery.models import Album, Photo, Role
from web.errors import Fault, Problem


def storage_used(user: User) -> int:
    """Bytes that are kept in the albums that the user owns."""
    owned = Photo.objects.filter(album__memberships__user=user, album__memberships__role=Role.OWNER)
    total = owned.aggregate(total=Sum(F("original_bytes") + F("added_bytes")))["total"]
    return int(total or 0)


def storage_require(*, user: User | None, album: Album, more: int) -> None:
    """Raise Problem (403, quota_storage) unless the album's owner has room for `more` bytes.

    `user` is who asks: nobody is told how much room somebody else has.
    """
    owner = _owners(album).first()
    if owner is not None:
        _require(user, owner, more)


def storage_hold(*, user: User | None, album: Album, more: int) -> None:
    """Like `storage_require`, and nobody else takes the room before the transaction ends.

    The owner's row is the lock: take it before a photo's and an album's.
    """
    owner = _owners(album).select_for_update(no_key=True, of=("self",)).first()
    if owner is not None:
        _require(user, owner, more)


def add_bytes(photo: Photo, number: int) -> None:
    """Count what came to be kept beside the photo's original, or is no more."""
    Photo.objects.filter(pk=photo.pk).update(added_bytes=F("added_bytes") + number)


def _owners(album: Album) -> QuerySet[User]:
    return User.objects.filter(album_memberships__album=album, album_memberships__role=Role.OWNER)


def _require(user: User | None, owner: User, more: int) -> None:
    quota = get_quota(owner).storage_bytes
    left = max(0, quota - storage_used(owner))
    if more <= left:
        return
    if user is None or user.pk != owner.pk:
        message = "The storage of this album's owner is full."
        raise Problem(message, code="quota_storage")
    message = (
        f"Of your {quota / MEGABYTE:,.0f} MB of storage {left / MEGABYTE:,.1f} MB are left, and "
        f"this takes {more / MEGABYTE:,.1f} MB. Delete photos, or ask an administrator for more."
    )
    fault = Fault(message, expected={"maximum_bytes": left}, received={"bytes": more})
    raise Problem(message, code="quota_storage", faults=[fault])
