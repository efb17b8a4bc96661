"""The lists of webhooks, and of what was sent to one."""

import django_filters

from api.lists.filters import AgeFilters, AnyOfFilter, YesNoFilter
from api.lists.listing import Listing
from webhooks.models import PING, DeliveryState, Event


class WebhookFilters(AgeFilters):
    """By whether they are told anything."""

    active = YesNoFilter(field_name="is_active", help_text="Switched on.")
    album = django_filters.UUIDFilter("album_id", help_text="Of this album alone.")


class DeliveryFilters(AgeFilters):
    """By event, and by how far they are."""

    event = AnyOfFilter(
        choices=[*Event.choices, (PING, PING)],
        help_text="Of this kind; repeat it for one of several.",
    )
    state = AnyOfFilter(
        choices=DeliveryState.choices, help_text="In this state; repeat it for one of several."
    )


WEBHOOKS = Listing(filters=WebhookFilters)
DELIVERIES = Listing(filters=DeliveryFilters)
