"""The lists of albums, their members and their share links."""

import django_filters

from api.lists.filters import AgeFilters, Filters
from api.lists.listing import BY_AGE, Listing
from gallery.models import Role


class AlbumFilters(AgeFilters):
    """By name and the asker's role."""

    name = django_filters.CharFilter(
        lookup_expr="icontains", max_length=120, help_text="The name has this in it."
    )
    role = django_filters.ChoiceFilter(choices=Role.choices, help_text="The asker's own.")


class MemberFilters(Filters):
    """By role."""

    role = django_filters.ChoiceFilter(choices=Role.choices, help_text="With this role.")


class ShareLinkFilters(AgeFilters):
    """By what they show."""

    photo = django_filters.UUIDFilter("photo_id", help_text="To this photo alone.")


ALBUMS = Listing(filters=AlbumFilters, orderings=BY_AGE | {"name": ("name", "id")})
MEMBERS = Listing(
    filters=MemberFilters,
    orderings={"role": ("role_rank", "user__email"), "email": ("user__email",)},
    ordering="role",
)
SHARE_LINKS = Listing(filters=ShareLinkFilters)
