"""The list of photos."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet

from api.lists.filters import AgeFilters, YesNoFilter
from api.lists.listing import BY_AGE, Listing
from api.selectors import with_detection_state, with_original_revision, with_unfinished_edits
from inpainting.models import Edit
from jobs.models import UNFINISHED
from vision.images import FORMATS


class PhotoFilters(AgeFilters):
    """By where a photo is, what it is, and whether work on it is under way."""

    album = django_filters.UUIDFilter("album_id", help_text="In this album.")
    format = django_filters.ChoiceFilter(
        choices=[(name, name) for name in FORMATS], help_text="Of the original."
    )
    title = django_filters.CharFilter(
        lookup_expr="icontains", max_length=200, help_text="The title has this in it."
    )
    has_unfinished_edits = YesNoFilter(
        method="by_work", help_text="Whether an edit of it waits or runs."
    )

    def by_work(self, photos: QuerySet[Any], name: str, has_work: bool) -> QuerySet[Any]:
        """With unfinished edits, or without."""
        work = Exists(Edit.objects.filter(photo=OuterRef("pk"), state__in=UNFINISHED))
        return photos.filter(work if has_work else ~work)


PHOTOS = Listing(
    filters=PhotoFilters,
    orderings=BY_AGE | {"title": ("title", "id")},
    needs={
        "detection_state": with_detection_state,
        "unfinished_edits": with_unfinished_edits,
        "original_revision": with_original_revision,
    },
)
