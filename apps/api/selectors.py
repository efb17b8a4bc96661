"""Rows as the API shows them: what gallery and inpainting know about them, in one query."""

import uuid
from typing import TYPE_CHECKING, cast

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from config.errors import NotThere
from gallery.models import Album, Photo, Revision
from gallery.selectors import photos_of
from inpainting.models import Edit
from inpainting.models.jobs import UNFINISHED

if TYPE_CHECKING:

    class PhotoRow(Photo):
        """A photo with what the asker may do and what is going on with it."""

        role: str
        detection_state: str | None
        unfinished_edits: int
        original_revision_id: uuid.UUID

else:
    PhotoRow = Photo


def photo_rows(user: User, album: Album | None = None) -> QuerySet[PhotoRow]:
    """The photos that `user` may see, newest first, as `PhotoSerializer` shows them."""
    of_photo = Edit.objects.filter(photo=OuterRef("pk"), state__in=UNFINISHED).order_by()
    unfinished = of_photo.values("photo").annotate(number=Count("pk")).values("number")
    first = Revision.objects.filter(photo=OuterRef("pk"), number=0).values("pk")
    rows = photos_of(user, album).annotate(
        detection_state=F("detection_run__state"),
        unfinished_edits=Coalesce(Subquery(unfinished, output_field=IntegerField()), 0),
        original_revision_id=Subquery(first[:1]),
    )
    return cast("QuerySet[PhotoRow]", rows)


def photo_row(user: User, photo_id: uuid.UUID) -> PhotoRow:
    """One of `photo_rows`; raises NotThere for strangers."""
    row = photo_rows(user).filter(pk=photo_id).first()
    if row is None:
        raise NotThere("photo")
    return row
