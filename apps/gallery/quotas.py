"""Storage quotas: how much storage users have used and may still use.

Originals, masks and patches count, because they cannot be made again. They count for the owner of
their album, whoever uploaded them. Renditions do not count.
"""

from django.db.models import F, QuerySet, Sum

from accounts.models import User
from accounts.quotas import MEGABYTE, get_quota
from gallery.models import Album, Photo, Role
from web.errors import Fault, Problem


def measure_storage(user: User) -> int:
    """Return the bytes that are stored in the albums that the user owns."""
    photos = Photo.objects.filter(
        album__memberships__user=user, album__memberships__role=Role.OWNER
    )
    total = photos.aggregate(total=Sum(F("original_bytes") + F("added_bytes")))["total"]
    return int(total or 0)


def require_storage(*, user: User | None, album: Album, additional_bytes: int) -> None:
    """Raise Problem (403, quota_storage) unless the album's owner has `more` bytes left.

    `user` is the one who makes the request: the message contains numbers only for the owner.
    """
    owner = _select_owners(album).first()
    if owner is not None:
        _require_bytes(user, owner, additional_bytes)


def lock_storage(*, user: User | None, album: Album, additional_bytes: int) -> None:
    """Lock the owner's row and check the quota like `require_storage`.

    Until the transaction ends, no other transaction can use the same storage. To avoid deadlocks,
    lock the owner's row before the row of a photo or an album.
    """
    owner = _select_owners(album).select_for_update(no_key=True, of=("self",)).first()
    if owner is not None:
        _require_bytes(user, owner, additional_bytes)


def add_bytes(photo: Photo, number: int) -> None:
    """Add `number` bytes (negative after a deletion) to the photo's masks and patches."""
    Photo.objects.filter(pk=photo.pk).update(added_bytes=F("added_bytes") + number)


def _select_owners(album: Album) -> QuerySet[User]:
    return User.objects.filter(album_memberships__album=album, album_memberships__role=Role.OWNER)


def _require_bytes(user: User | None, owner: User, more: int) -> None:
    quota = get_quota(owner).storage_bytes
    bytes_left = max(0, quota - measure_storage(owner))
    if more <= bytes_left:
        return
    if user is None or user.pk != owner.pk:
        message = "The storage of this album's owner is full."
        raise Problem(message, code="quota_storage")
    message = (
        f"Of your {quota / MEGABYTE:,.0f} MB of storage {bytes_left / MEGABYTE:,.1f} MB are left, "
        f"and this takes {more / MEGABYTE:,.1f} MB. "
        "Delete photos, or ask an administrator for more."
    )
    fault = Fault(message, expected={"maximum_bytes": bytes_left}, received={"bytes": more})
    raise Problem(message, code="quota_storage", faults=[fault])
