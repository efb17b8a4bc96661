"""The lists of edits: of one photo, and of all photos that the asker may see."""

from collections.abc import Callable, Mapping
from typing import Any

import django_filters
from django.db.models import QuerySet

from api.lists.filters import AgeFilters, AnyOfFilter
from api.lists.listing import Listing
from inpainting.selectors import add_queue_positions, with_detections, with_revision
from jobs.models import State


class EditFilters(AgeFilters):
    """By how far an edit is."""

    state = AnyOfFilter(
        choices=State.choices, help_text="In this state; repeat it for one of several."
    )


class AllEditFilters(EditFilters):
    """By the photo too."""

    photo = django_filters.UUIDFilter("photo_id", help_text="Of this photo.")
    album = django_filters.UUIDFilter("photo__album_id", help_text="Of photos in this album.")


NEEDS: Mapping[str, Callable[[QuerySet[Any]], QuerySet[Any]]] = {
    "detections": with_detections,
    "revision": with_revision,
}
ADDS = {"queue_position": add_queue_positions}
PHOTOS_EDITS = Listing(filters=EditFilters, needs=NEEDS, adds=ADDS)
ALL_EDITS = Listing(filters=AllEditFilters, needs=NEEDS, adds=ADDS)
