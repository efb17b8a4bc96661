"""Webhooks and their deliveries."""

import json
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webhooks.models import (
    LONGEST_URL,
    Delivery,
    DeliveryState,
    DisabledReason,
    Event,
    Webhook,
)


class DisabledSerializer(serializers.Serializer[Any]):
    """Why the platform switched a webhook off."""

    code = serializers.ChoiceField(DisabledReason.choices)
    message = serializers.CharField()
    at = serializers.DateTimeField()


class WebhookSerializer(serializers.Serializer[Webhook]):
    """A server that receives events. Its secret is shown only when it is made or rotated."""

    id = serializers.UUIDField()
    url = serializers.CharField()
    description = serializers.CharField()
    events = serializers.ListField(child=serializers.ChoiceField(Event.choices))
    album = serializers.UUIDField(
        source="album_id", allow_null=True, help_text="null: all albums that its owner may see."
    )
    active = serializers.BooleanField(source="is_active")
    disabled = serializers.SerializerMethodField()
    previous_secret_expires_at = serializers.DateTimeField(
        allow_null=True, help_text="Until then the secret before this one signs too."
    )
    last_delivered_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()

    @extend_schema_field(DisabledSerializer(allow_null=True))
    def get_disabled(self, webhook: Webhook) -> dict[str, Any] | None:
        """Why and since when the platform sends nothing; null where its owner decides."""
        if not webhook.disabled_reason:
            return None
        reason = DisabledReason(webhook.disabled_reason)
        facts = {"code": reason, "message": reason.label, "at": webhook.disabled_at}
        return DisabledSerializer(facts).data


class NewWebhookSerializer(WebhookSerializer):
    """A webhook with its secret."""

    secret = serializers.CharField(help_text="To check signatures with (`whsec_…`). Keep it.")


class WebhookChangeSerializer(serializers.Serializer[Any]):
    """What should be different."""

    url = serializers.CharField(
        required=False,
        max_length=LONGEST_URL,
        help_text="On the public web, on the usual port; https:// on a real site.",
    )
    description = serializers.CharField(required=False, max_length=200, allow_blank=True)
    events = serializers.ListField(
        child=serializers.ChoiceField(Event.choices),
        required=False,
        allow_empty=False,
        max_length=50,
    )
    album = serializers.UUIDField(required=False, allow_null=True)
    active = serializers.BooleanField(required=False)


class WebhookRequestSerializer(WebhookChangeSerializer):
    """A request for a webhook."""

    url = serializers.CharField(
        max_length=LONGEST_URL,
        help_text="On the public web, on the usual port; https:// on a real site.",
    )
    events = serializers.ListField(
        child=serializers.ChoiceField(Event.choices), allow_empty=False, max_length=50
    )


class TrySerializer(serializers.Serializer[Any]):
    """One try to deliver."""

    at = serializers.DateTimeField()
    status = serializers.IntegerField(allow_null=True, help_text="null: there was no answer.")
    seconds = serializers.FloatField()
    error = serializers.CharField(
        help_text="Empty, http_error, redirected, timeout, unreachable or address_not_allowed."
    )
    excerpt = serializers.CharField(help_text="The beginning of the answer.")


class DeliverySerializer(serializers.Serializer[Delivery]):
    """One event on its way to a webhook."""

    id = serializers.UUIDField(help_text="The header `webhook-id`, the same at every try.")
    webhook = serializers.UUIDField(source="webhook_id")
    event = serializers.CharField(help_text="One of the events, or ping.")
    state = serializers.ChoiceField(DeliveryState.choices)
    attempts = serializers.IntegerField(
        source="attempt", help_text="Since the last request for it."
    )
    last_try = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    next_try_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(TrySerializer(allow_null=True))
    def get_last_try(self, delivery: Delivery) -> dict[str, Any] | None:
        """The newest try; null before the first one."""
        return delivery.tries[-1] if delivery.tries else None


class DeliveryDetailSerializer(DeliverySerializer):
    """A delivery with what was sent, and all its tries."""

    payload = serializers.SerializerMethodField()
    tries = TrySerializer(many=True, help_text="The newest 20, oldest first.")

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_payload(self, delivery: Delivery) -> Any:
        """The body that was signed: {type, timestamp, data}."""
        return json.loads(delivery.body)
