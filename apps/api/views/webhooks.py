"""Webhooks: the servers of users that receive events, and the log of deliveries."""

import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, cast

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.scopes import Resource
from api.lists.filtersets import DeliveryFilters, WebhookFilters
from api.lists.views import ListView
from api.serializers.webhooks import (
    DeliveryDetailSerializer,
    DeliverySerializer,
    NewWebhookSerializer,
    WebhookChangeSerializer,
    WebhookRequestSerializer,
    WebhookSerializer,
)
from api.views.base import ApiView
from gallery.selectors import get_album
from webhooks.models import Delivery, Webhook
from webhooks.selectors import get_delivery, get_webhook, select_deliveries, select_webhooks
from webhooks.services import (
    WebhookValues,
    delivery_replay,
    webhook_create,
    webhook_delete,
    webhook_ping,
    webhook_rotate_secret,
    webhook_update,
)


class WebhooksView(ListView):
    """The user's webhooks."""

    resource = Resource.WEBHOOKS
    serializer_class = WebhookSerializer
    filterset_class = WebhookFilters

    @extend_schema(operation_id="webhooks_list")
    def get(self, request: Request) -> Response:
        """The user's webhooks, newest first."""
        return self.list_rows(select_webhooks(self.user))

    @extend_schema(
        operation_id="webhooks_create",
        request=WebhookRequestSerializer,
        responses={201: NewWebhookSerializer},
    )
    def post(self, request: Request) -> Response:
        """Register a server to receive events. Its secret is shown now, and never again."""
        values = _read_values(self.user, self.read_body(WebhookRequestSerializer))
        webhook = webhook_create(user=self.user, values=values)
        location = reverse("api-webhook", args=[webhook.pk])
        return Response(
            NewWebhookSerializer(webhook).data, status=201, headers={"Location": location}
        )


class WebhookView(ApiView):
    """One webhook."""

    resource = Resource.WEBHOOKS
    conditional_methods = ("PATCH", "DELETE")

    @extend_schema(operation_id="webhooks_get", responses=WebhookSerializer)
    def get(self, request: Request, webhook_id: uuid.UUID) -> Response:
        """The webhook, and why it is off where the platform switched it off."""
        return Response(WebhookSerializer(get_webhook(self.user, webhook_id)).data)

    @extend_schema(
        operation_id="webhooks_change",
        request=WebhookChangeSerializer,
        responses=WebhookSerializer,
    )
    def patch(self, request: Request, webhook_id: uuid.UUID) -> Response:
        """Change it. Switched off, it loses what waits for it."""
        webhook = get_webhook(self.user, webhook_id)
        values = _read_values(self.user, self.read_body(WebhookChangeSerializer))
        with self._require_webhook_unchanged(webhook):
            changed = webhook_update(user=self.user, webhook=webhook, values=values)
            return Response(WebhookSerializer(changed).data)

    @extend_schema(operation_id="webhooks_delete", responses={204: None})
    def delete(self, request: Request, webhook_id: uuid.UUID) -> Response:
        """Delete it with its log."""
        webhook = get_webhook(self.user, webhook_id)
        with self._require_webhook_unchanged(webhook):
            webhook_delete(user=self.user, webhook=webhook)
        return Response(status=204)

    def _require_webhook_unchanged(self, webhook: Webhook) -> AbstractContextManager[None]:
        return self.require_unchanged(
            webhook,
            check_right=lambda: None,  # the webhook is the user's own
            build_response=lambda: self.get(self.request, webhook.pk),
        )


class RotateSecretView(ApiView):
    """A webhook's secret."""

    resource = Resource.WEBHOOKS

    @extend_schema(
        operation_id="webhooks_rotate_secret", request=None, responses=NewWebhookSerializer
    )
    def post(self, request: Request, webhook_id: uuid.UUID) -> Response:
        """Make a new secret, shown now and never again; the old one signs too for 24 hours."""
        webhook = get_webhook(self.user, webhook_id)
        rotated = webhook_rotate_secret(user=self.user, webhook=webhook)
        return Response(NewWebhookSerializer(rotated).data)


class WebhookTestView(ApiView):
    """A test delivery."""

    resource = Resource.WEBHOOKS

    @extend_schema(operation_id="webhooks_test", request=None, responses={202: DeliverySerializer})
    def post(self, request: Request, webhook_id: uuid.UUID) -> Response:
        """Send it a `ping`, whatever events were chosen."""
        return _build_delivery_response(webhook_ping(webhook=get_webhook(self.user, webhook_id)))


class DeliveriesView(ListView):
    """The deliveries of a webhook."""

    resource = Resource.WEBHOOKS
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilters

    @extend_schema(operation_id="webhook_deliveries_list")
    def get(self, request: Request, webhook_id: uuid.UUID) -> Response:
        """What was and will be sent to it, newest first; kept for 30 days."""
        return self.list_rows(select_deliveries(get_webhook(self.user, webhook_id)))


class DeliveryView(ApiView):
    """One delivery."""

    resource = Resource.WEBHOOKS

    @extend_schema(operation_id="webhook_deliveries_get", responses=DeliveryDetailSerializer)
    def get(self, request: Request, delivery_id: uuid.UUID) -> Response:
        """What was sent, and what came of each try."""
        return Response(DeliveryDetailSerializer(get_delivery(self.user, delivery_id)).data)


class ReplayView(ApiView):
    """A delivery that is sent again."""

    resource = Resource.WEBHOOKS

    @extend_schema(
        operation_id="webhook_deliveries_replay",
        request=None,
        responses={202: DeliverySerializer},
    )
    def post(self, request: Request, delivery_id: uuid.UUID) -> Response:
        """Send an ended delivery again: the same `webhook-id` and body, a new signature."""
        return _build_delivery_response(
            delivery_replay(delivery=get_delivery(self.user, delivery_id))
        )


def _read_values(user: User, body: Mapping[str, Any]) -> WebhookValues:
    """Return the values of a checked body as the services take them. Raises NotThere."""
    values = dict(body)
    if "active" in values:
        values["is_active"] = values.pop("active")
    if values.get("album"):
        values["album"] = get_album(user, values["album"])
    return cast(WebhookValues, values)


def _build_delivery_response(delivery: Delivery) -> Response:
    location = reverse("api-webhook-delivery", args=[delivery.pk])
    headers = {"Location": location, "Retry-After": "1"}
    return Response(DeliverySerializer(delivery).data, status=202, headers=headers)
