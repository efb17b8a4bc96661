"""Quotas: the limits that an admin set for a user, else the defaults from the settings."""

from dataclasses import dataclass

from django.conf import settings

from accounts.models import User

MEGA = 10**6
MEGABYTE = 2**20


@dataclass(frozen=True)
class Quota:
    """The limits of one user.

    Attributes:
        storage_bytes: bytes of the files in the albums that the user owns.
        pixels: pixels of the photos that the user edits in one day (UTC).
        edits: edits that wait or run at the same time.
    """

    storage_bytes: int
    pixels: int
    edits: int


def get_quota(user: User) -> Quota:
    """Return the user's quota; 0 allows nothing."""
    return Quota(
        storage_bytes=_choose_limit(user.storage_quota, settings.QUOTA_STORAGE_MB) * MEGABYTE,
        pixels=_choose_limit(user.pixel_quota, settings.QUOTA_MEGAPIXELS_A_DAY) * MEGA,
        edits=_choose_limit(user.edit_quota, settings.QUOTA_EDITS_IN_FLIGHT),
    )


def _choose_limit(own: int | None, default: int) -> int:
    return default if own is None else own
