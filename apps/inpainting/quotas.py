"""The quotas of work: how many unfinished edits a user may have, and how many pixels a day.

An edit counts for the user who requests it, with all pixels of its photo, on the day (UTC) of the
request. An edit that is cancelled before it starts does not count.
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


def count_unfinished_edits(user: User) -> int:
    """Return how many of the user's edits wait or run."""
    return Edit.objects.filter(created_by=user, state__in=UNFINISHED).count()


def count_pixels_today(user: User) -> int:
    """Return the pixels that count for the edits which the user requested today."""
    pixels = PixelUse.objects.filter(user=user, day=_get_today()).values_list("pixels", flat=True)
    return pixels.first() or 0


def get_day_end() -> datetime:
    """Return when this day (UTC) ends and the whole quota of pixels is free again."""
    return datetime.combine(_get_today() + timedelta(days=1), time(), UTC)


def require_edit_quota(*, user: User, photo: Photo) -> None:
    """Raise Problem (429) unless the user's quotas allow one more edit of the photo.

    Codes: quota_edits_in_flight, quota_pixels.
    """
    quota = get_quota(user)
    unfinished = count_unfinished_edits(user)
    if unfinished >= quota.edits:
        raise _build_edits_problem(unfinished, quota.edits)
    available = max(0, quota.pixels - count_pixels_today(user))
    if _count_pixels(photo) > available:
        raise _build_pixels_problem(_count_pixels(photo), available, quota.pixels)


def reserve_edit_quota(*, user: User, photo: Photo) -> None:
    """Check the quotas like `require_edit_quota` and count the edit, in the caller's transaction.

    Locks the user's row. Every transaction that locks a photo too must lock the user first.
    """
    user = lock_user(user.pk).get()
    require_edit_quota(user=user, photo=photo)
    pixels = count_pixels_today(user) + _count_pixels(photo)
    PixelUse.objects.update_or_create(user=user, defaults={"day": _get_today(), "pixels": pixels})


def lock_user(user_id: uuid.UUID) -> QuerySet[User]:
    """Return the user's row, locked when it is read. All changes of counts take this lock."""
    return User.objects.select_for_update(no_key=True).filter(pk=user_id)


def release_edit_quota(edit: Edit) -> None:
    """Subtract an edit that never started. The caller has locked the row of the edit's user."""
    if edit.created_by_id is None or edit.started_at is not None:
        return
    day = edit.created_at.astimezone(UTC).date()
    use = PixelUse.objects.filter(user=edit.created_by_id, day=day)
    use.update(pixels=Greatest(F("pixels") - _count_pixels(edit.photo), 0))


def _count_pixels(photo: Photo) -> int:
    return photo.width * photo.height


def _get_today() -> date:
    return datetime.now(UTC).date()


def _build_edits_problem(unfinished: int, quota: int) -> Problem:
    message = (
        f"{unfinished} of your edits wait or run; the limit is {quota}. Wait until some have ended."
    )
    return Problem(
        message,
        code="quota_edits_in_flight",
        faults=[Fault(message, expected={"maximum": quota}, received={"in_flight": unfinished})],
        headers={"Retry-After": str(SECONDS_BEFORE_NEXT_EDIT)},
    )


def _build_pixels_problem(pixels: int, available: int, quota: int) -> Problem:
    wait = max(1, math.ceil((get_day_end() - datetime.now(UTC)).total_seconds()))
    message = (
        f"Of your {quota / MEGA:,.0f} megapixels a day {available / MEGA:,.1f} are left, and this "
        f"photo has {pixels / MEGA:,.1f}. The whole quota is free again at midnight UTC."
    )
    return Problem(
        message,
        code="quota_pixels",
        faults=[
            Fault(message, expected={"maximum_pixels": available}, received={"pixels": pixels})
        ],
        headers={"Retry-After": str(wait)},
    )


METERS = (
    Meter(
        "pixels_today",
        "megapixels today",
        MEGA,
        read_used=count_pixels_today,
        read_quota=lambda quota: quota.pixels,
        get_reset_time=get_day_end,
    ),
    Meter(
        "edits_in_flight",
        "edits at once",
        1,
        read_used=count_unfinished_edits,
        read_quota=lambda quota: quota.edits,
    ),
)
