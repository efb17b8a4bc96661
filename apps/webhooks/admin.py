"""Webhooks and their deliveries in the admin: looked at, switched off, sent again."""

from django.contrib import admin, messages
from django.contrib.auth import get_permission_codename
from django.db.models import QuerySet
from django.http import HttpRequest

from gallery.admin import ReadOnlyAdmin
from web.errors import Problem
from webhooks.models import Delivery, Webhook
from webhooks.services import delivery_replay, webhook_end


class SteeredAdmin(ReadOnlyAdmin):
    """Rows that nobody changes by hand, with actions for whoever could."""

    def has_steer_permission(self, request: HttpRequest) -> bool:
        """To look at them is not enough."""
        codename = get_permission_codename("change", self.opts)
        return request.user.has_perm(f"{self.opts.app_label}.{codename}")


@admin.register(Webhook)
class WebhookAdmin(SteeredAdmin):
    """Who is told of what. The secrets are their owners' alone."""

    list_display = [
        "__str__", "owner", "url", "is_active", "disabled_reason", "last_delivered_at",
        "created_at",
    ]  # fmt: skip
    list_filter = ["is_active", "disabled_reason", "created_at"]
    list_select_related = ["owner"]
    search_fields = ["id", "url", "description", "owner__email"]
    fields = readonly_fields = (
        "id", "owner", "url", "description", "events", "album_id", "is_active", "disabled_at",
        "disabled_reason", "previous_secret_expires_at", "last_delivered_at", "created_at",
    )  # fmt: skip
    actions = ["switch_off"]

    @admin.action(description="Switch off", permissions=["steer"])
    def switch_off(self, request: HttpRequest, webhooks: QuerySet[Webhook]) -> None:
        """Nothing more is sent; their owners can switch them on again."""
        ended = [webhook_end(webhook) for webhook in webhooks]
        self.message_user(request, f"{sum(ended)} switched off.", messages.SUCCESS)


@admin.register(Delivery)
class DeliveryAdmin(SteeredAdmin):
    """What was and will be sent."""

    list_display = ["event", "webhook", "state", "attempt", "next_try_at", "ended_at", "created_at"]
    list_filter = ["state", "event", "created_at"]
    list_select_related = ["webhook"]
    search_fields = ["id", "webhook__id", "webhook__url"]
    date_hierarchy = "created_at"
    actions = ["replay"]

    @admin.action(description="Send again", permissions=["steer"])
    def replay(self, request: HttpRequest, deliveries: QuerySet[Delivery]) -> None:
        """Send each that has ended once more; one that can't be does not stop the others."""
        number = 0
        for delivery in deliveries.select_related("webhook"):
            try:
                delivery_replay(delivery=delivery)
                number += 1
            except Problem as problem:
                self.message_user(request, f"{delivery}: {problem.message}", messages.WARNING)
        self.message_user(request, f"{number} queued again.", messages.SUCCESS)
