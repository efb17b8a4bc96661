"""Webhooks and their deliveries in the admin: to view, to switch off, to send again."""

from django.contrib import admin, messages
from django.contrib.auth import get_permission_codename
from django.db.models import QuerySet
from django.http import HttpRequest

from gallery.admin import ReadOnlyAdmin
from web.errors import Problem
from webhooks.models import Delivery, Webhook
from webhooks.services import delivery_replay, webhook_end


class ActionsOnlyAdmin(ReadOnlyAdmin):
    """Rows that cannot be edited, with actions for users who have the permission to change them."""

    def has_control_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may run the actions: the permission to view is not enough."""
        codename = get_permission_codename("change", self.opts)
        return request.user.has_perm(f"{self.opts.app_label}.{codename}")


@admin.register(Webhook)
class WebhookAdmin(ActionsOnlyAdmin):
    """Webhooks without their secrets, which only their owners may see."""

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

    @admin.action(description="Switch off", permissions=["control"])
    def switch_off(self, request: HttpRequest, webhooks: QuerySet[Webhook]) -> None:
        """Stop sending to the webhooks; their owners can switch them on again."""
        number = sum(webhook_end(webhook) for webhook in webhooks)
        self.message_user(request, f"{number} switched off.", messages.SUCCESS)


@admin.register(Delivery)
class DeliveryAdmin(ActionsOnlyAdmin):
    """Deliveries that were sent or are waiting."""

    list_display = ["event", "webhook", "state", "attempt", "next_try_at", "ended_at", "created_at"]
    list_filter = ["state", "event", "created_at"]
    list_select_related = ["webhook"]
    search_fields = ["id", "webhook__id", "webhook__url"]
    date_hierarchy = "created_at"
    actions = ["replay"]

    @admin.action(description="Send again", permissions=["control"])
    def replay(self, request: HttpRequest, deliveries: QuerySet[Delivery]) -> None:
        """Queue each delivery that has ended again; a refused one does not stop the others."""
        number = 0
        for delivery in deliveries.select_related("webhook"):
            try:
                delivery_replay(delivery=delivery)
                number += 1
            except Problem as problem:
                self.message_user(request, f"{delivery}: {problem.message}", messages.WARNING)
        self.message_user(request, f"{number} queued again.", messages.SUCCESS)
