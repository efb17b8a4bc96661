"""The filters of each list."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django_filters import ChoiceFilter, FilterSet, NumberFilter, UUIDFilter

from api.lists.filters import AnyOfFilter, MomentFilter, TextFilter, YesNoFilter
from gallery.models import Role
from inpainting.models import Edit
from jobs.models import UNFINISHED, State
from vision.images import FORMATS
from webhooks.models import PING, DeliveryState, Event


class AgeFilters(FilterSet):  # type: ignore[misc]  # untyped
    """By when rows were made."""

    created_after = MomentFilter("created_at", "gt", help_text="Made later than this moment.")
    created_before = MomentFilter("created_at", "lt", help_text="Made before this moment.")


class TokenFilters(FilterSet):  # type: ignore[misc]  # untyped
    """By name and time."""

    name = TextFilter(max_length=100, help_text="The name has this in it.")
    is_expired = YesNoFilter(
        lambda: Q(expiry__isnull=False, expiry__lte=timezone.now()),
        help_text="Whether its time is over.",
    )
    created_after = MomentFilter("created", "gt", help_text="Made later than this moment.")
    created_before = MomentFilter("created", "lt", help_text="Made before this moment.")


class UploadFilters(AgeFilters):
    """By the album that they go into."""

    album = UUIDFilter("album_id", help_text="Into this album.")


class AlbumFilters(AgeFilters):
    """By name and the user's role."""

    name = TextFilter(max_length=120, help_text="The name has this in it.")
    role = ChoiceFilter(choices=Role.choices, help_text="The asker's own.")


class MemberFilters(FilterSet):  # type: ignore[misc]  # untyped
    """By role."""

    role = ChoiceFilter(choices=Role.choices, help_text="With this role.")


class ShareLinkFilters(AgeFilters):
    """By what they show."""

    photo = UUIDFilter("photo_id", help_text="To this photo alone.")


class PhotoFilters(AgeFilters):
    """By album, format, title and whether an edit is unfinished."""

    album = UUIDFilter("album_id", help_text="In this album.")
    format = ChoiceFilter(choices=[(name, name) for name in FORMATS], help_text="Of the original.")
    title = TextFilter(max_length=200, help_text="The title has this in it.")
    has_unfinished_edits = YesNoFilter(
        lambda: Exists(Edit.objects.filter(photo=OuterRef("pk"), state__in=UNFINISHED)),
        help_text="Whether an edit of it waits or runs.",
    )


class EditFilters(AgeFilters):
    """The edits of one photo, by state."""

    state = AnyOfFilter(
        choices=State.choices, help_text="In this state; repeat it for one of several."
    )


class AllEditFilters(EditFilters):
    """The edits of all photos, by photo and album too."""

    photo = UUIDFilter(help_text="Of this photo.")
    album = UUIDFilter("photo__album_id", help_text="Of photos in this album.")


class DetectionFilters(FilterSet):  # type: ignore[misc]  # untyped
    """By label and confidence."""

    label = TextFilter(
        lookup_expr="iexact", max_length=100, help_text="Called so, in small letters or capitals."
    )
    min_confidence = NumberFilter(
        "confidence", "gte", min_value=0, max_value=1, help_text="As sure as this at least, 0 to 1."
    )


class MaskFilters(AgeFilters):
    """By name and use."""

    name = TextFilter(max_length=120, help_text="The name has this in it.")
    is_used = YesNoFilter(
        lambda: Exists(Edit.objects.filter(mask=OuterRef("pk"))),
        help_text="Whether an edit was made with it.",
    )


class RevisionFilters(AgeFilters):
    """By the state that a state was made from."""

    parent = UUIDFilter("parent_id", help_text="Made from this state.")


class WebhookFilters(AgeFilters):
    """By album and whether they are active."""

    active = YesNoFilter(lambda: Q(is_active=True), help_text="Switched on.")
    album = UUIDFilter("album_id", help_text="Of this album alone.")


class DeliveryFilters(AgeFilters):
    """By event and state."""

    event = AnyOfFilter(
        choices=[*Event.choices, (PING, PING)],
        help_text="Of this kind; repeat it for one of several.",
    )
    state = AnyOfFilter(
        choices=DeliveryState.choices, help_text="In this state; repeat it for one of several."
    )
