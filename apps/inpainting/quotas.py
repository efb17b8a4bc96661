"""How much of their quotas of work users have used: edits in flight, and pixels a day.

An edit counts for who asks for it, with all pixels of its photo, on the day (UTC) when it is asked
for. One that is cancelled before it starts counts for nothing.
"""

import math
import uuid
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from accounts.models import User
from accounts.quotas import MEGA, get_quota
from accounts.usage import Meter
from gallery.models import Photo
from inpainting.models import Edit, PixelUse
from jobs.models import UNFINISHED
from web.errors import Fault, Problem

SECONDS_BEFORE_NEXT_EDIT = 10


def edits_in_flight(user: User) -> int:
    """The user's edits that wait or run."""
    return Edit.objects.filter(created_by=user, state__in=UNFINISHED).count()


def pixels_used(user: User) -> int:
    """Pixels of the photos that the user has asked to edit today."""
    found = PixelUse.objects.filter(user=user, day=_today()).values_list("pixels", flat=True)
    return found.first() or 0


def day_ends_at() -> datetime:
    """When all pixels of a day may be used again."""
    return datetime.combine(_today() + timedelta(days=1), time(), UTC)


def edit_require(*, user: User, photo: Photo) -> None:
    """Raise Problem (429) unless the user may ask for one more edit, of the photo.

    Codes: quota_edits_in_flight, quota_pixels.
    """
    quota = get_quota(user)
    in_flight = edits_in_flight(user)
    if in_flight >= quota.edits:
        raise _too_many_edits(in_flight, quota.edits)
    left = max(0, quota.pixels - pixels_used(user))
    if _pixels(photo) > left:
        raise _too_many_pixels(_pixels(photo), left, quota.pixels)


def edit_hold(*, user: User, photo: Photo) -> None:
    """Like `edit_require`, and count the edit; in the transaction that makes it.

    The user's row is the lock, which the transaction holds from here on: take it before a photo's.
    """
    locked = user_hold(user.pk).get()
    edit_require(user=locked, photo=photo)
    pixels = pixels_used(locked) + _pixels(photo)
    PixelUse.objects.update_or_create(user=locked, defaults={"day": _today(), "pixels": pixels})


def user_hold(user_id: uuid.UUID) -> QuerySet[User]:
    """The user's row, locked once it is read: whoever counts something holds it."""
    return User.objects.select_for_update(no_key=True).filter(pk=user_id)


def edit_release(edit: Edit) -> None:
    """Take back what was counted for an edit that never started; who calls holds its user's row."""
    if edit.created_by_id is None or edit.started_at is not None:
        return
    day = edit.created_at.astimezone(UTC).date()
    counted = PixelUse.objects.filter(user=edit.created_by_id, day=day)
    counted.update(pixels=Greatest(F("pixels") - _pixels(edit.photo), 0))


def _pixels(photo: Photo) -> int:
    return photo.width * photo.height


def _today() -> date:
    return datetime.now(UTC).date()


def _too_many_edits(in_flight: int, quota: int) -> Problem:
    message = f"{in_flight} of your edits wait or run, and {quota} may: wait for some to end."
    return Problem(
        message,
        code="quota_edits_in_flight",
        faults=[Fault(message, expected={"maximum": quota}, received={"in_flight": in_flight})],
        headers={"Retry-After": str(SECONDS_BEFORE_NEXT_EDIT)},
    )


def _too_many_pixels(pixels: int, left: int, quota: int) -> Problem:
    wait = max(1, math.ceil((day_ends_at() - datetime.now(UTC)).total_seconds()))
    message = (
        f"Of your {quota / MEGA:,.0f} megapixels a day {left / MEGA:,.1f} are left, and this photo "
        f"has {pixels / MEGA:,.1f}. They are yours again at midnight UTC."
    )
    return Problem(
        message,
        code="quota_pixels",
        faults=[Fault(message, expected={"maximum_pixels": left}, received={"pixels": pixels})],
        headers={"Retry-After": str(wait)},
    )


METERS = (
    Meter(
        "pixels_today",
        "megapixels today",
        MEGA,
        read_used=pixels_used,
        read_quota=lambda quota: quota.pixels,
        get_reset_time=day_ends_at,
    ),
    Meter(
        "edits_in_flight",
        "edits at once",
        1,
        read_used=edits_in_flight,
        read_quota=lambda quota: quota.edits,
    ),
)
