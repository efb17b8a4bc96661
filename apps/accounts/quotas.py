"""How much a user may have: what an admin gave, else what everybody has."""

from dataclasses import dataclass

from django.conf import settings

from accounts.models import User

MEGA = 10**6
MEGABYTE = 2**20


@dataclass(frozen=True)
class Quota:
    """What one user may have.

    Attributes:
        storage_bytes: kept in the albums that the user owns.
        pixels: of the photos that the user edits in a day, in UTC.
        edits: that wait or run at the same time.
    """

    storage_bytes: int
    pixels: int
    edits: int


def get_quota(user: User) -> Quota:
    """The user's quota; 0 is nothing at all."""
    return Quota(
        storage_bytes=_own_or(user.storage_quota, settings.QUOTA_STORAGE_MB) * MEGABYTE,
        pixels=_own_or(user.pixel_quota, settings.QUOTA_MEGAPIXELS_A_DAY) * MEGA,
        edits=_own_or(user.edit_quota, settings.QUOTA_EDITS_IN_FLIGHT),
    )


def _own_or(own: int | None, everybodys: int) -> int:
    return everybodys if own is None else own
