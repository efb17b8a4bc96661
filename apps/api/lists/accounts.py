"""The lists of what is the asker's alone: tokens and direct uploads."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from api.lists.filters import AgeFilters, Filters, MomentFilter, YesNoFilter
from api.lists.listing import Listing


class TokenFilters(Filters):
    """By name and time."""

    name = django_filters.CharFilter(
        lookup_expr="icontains", max_length=100, help_text="The name has this in it."
    )
    is_expired = YesNoFilter(method="by_end", help_text="Whether its time is over.")
    created_after = MomentFilter("created", "gt", help_text="Made later than this moment.")
    created_before = MomentFilter("created", "lt", help_text="Made before this moment.")

    def by_end(self, tokens: QuerySet[Any], name: str, is_expired: bool) -> QuerySet[Any]:
        """Over, or still good."""
        over = Q(expiry__isnull=False, expiry__lte=timezone.now())
        return tokens.filter(over if is_expired else ~over)


class UploadFilters(AgeFilters):
    """By where they go."""

    album = django_filters.UUIDFilter("album_id", help_text="Into this album.")


TOKENS = Listing(
    filters=TokenFilters,
    orderings={"created_at": ("created", "-id"), "name": ("name", "id")},
)
UPLOADS = Listing(filters=UploadFilters)
