"""Photos as the API shows them: data of the apps gallery and inpainting, in one query."""

import uuid
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from gallery.models import Photo, Revision
from gallery.selectors import list_all_photos, list_photos
from inpainting.models import Edit
from jobs.models import UNFINISHED
from web.errors import NotThere

if TYPE_CHECKING:

    class PhotoRow(Photo):
        """A photo with the user's role and the state of the work on it."""

        role: str
        detection_state: str | None
        unfinished_edits: int
        original_revision_id: uuid.UUID

else:
    PhotoRow = Photo


def annotate_detection_state(photos: QuerySet[Any]) -> QuerySet[Any]:
    """Add `detection_state` to each: the state of its detection run; None if there was none."""
    annotated: QuerySet[Any] = photos.annotate(detection_state=F("detection_run__state"))
    return annotated


def annotate_unfinished_edits(photos: QuerySet[Any]) -> QuerySet[Any]:
    """Add `unfinished_edits` to each: how many of its edits wait or run."""
    of_photo = Edit.objects.filter(photo=OuterRef("pk"), state__in=UNFINISHED).order_by()
    unfinished = of_photo.values("photo").annotate(number=Count("pk")).values("number")
    number = Coalesce(Subquery(unfinished, output_field=IntegerField()), 0)
    annotated: QuerySet[Any] = photos.annotate(unfinished_edits=number)
    return annotated


def annotate_original_revision(photos: QuerySet[Any]) -> QuerySet[Any]:
    """Add `original_revision_id` to each."""
    first = Revision.objects.filter(photo=OuterRef("pk"), number=0).values("pk")
    annotated: QuerySet[Any] = photos.annotate(original_revision_id=Subquery(first[:1]))
    return annotated


def select_listed_photos(user: User) -> QuerySet[Photo]:
    """Return the photos of the user, each with its current revision, which a list shows."""
    return list_photos(user).select_related(None).select_related("current")


def get_photo_row(user: User, photo_id: uuid.UUID) -> PhotoRow:
    """Return one photo as `PhotoSerializer` shows it. Raises NotThere for strangers."""
    photos: QuerySet[Any] = list_all_photos(user)
    rows = annotate_original_revision(annotate_unfinished_edits(annotate_detection_state(photos)))
    row = rows.filter(pk=photo_id).first()
    if row is None:
        raise NotThere("photo")
    return cast("PhotoRow", row)
