"""The lists of what belongs to a photo: detections, masks, revisions."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet

from api.http.pagination import LARGEST_LIMIT
from api.lists.filters import AgeFilters, Filters, YesNoFilter
from api.lists.listing import BY_AGE, Listing
from inpainting.models import Edit


class DetectionFilters(Filters):
    """By what it is, and how sure that is."""

    label = django_filters.CharFilter(
        lookup_expr="iexact", max_length=100, help_text="Called so, in small letters or capitals."
    )
    min_confidence = django_filters.NumberFilter(
        "confidence", "gte", min_value=0, max_value=1, help_text="As sure as this at least, 0 to 1."
    )


class MaskFilters(AgeFilters):
    """By name and use."""

    name = django_filters.CharFilter(
        lookup_expr="icontains", max_length=120, help_text="The name has this in it."
    )
    is_used = YesNoFilter(method="by_use", help_text="Whether an edit was made with it.")

    def by_use(self, masks: QuerySet[Any], name: str, is_used: bool) -> QuerySet[Any]:
        """Of edits, or just saved."""
        use = Exists(Edit.objects.filter(mask=OuterRef("pk")))
        return masks.filter(use if is_used else ~use)


class RevisionFilters(AgeFilters):
    """By where a state comes from."""

    parent = django_filters.UUIDFilter("parent_id", help_text="Made from this state.")


# As many as there can be at once: the editor shows them all.
DETECTIONS = Listing(
    filters=DetectionFilters,
    orderings={"confidence": ("confidence", "-id"), "label": ("label", "id")},
    ordering="-confidence",
    limit=LARGEST_LIMIT,
)
MASKS = Listing(filters=MaskFilters, orderings=BY_AGE | {"name": ("name", "id")})
REVISIONS = Listing(filters=RevisionFilters, orderings={"number": ("number",)}, ordering="-number")
