"""Webhooks: their owner's servers, and the log of what was sent to them."""

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
from gallery.selectors import album_for
from webhooks.models import Delivery, Webhook
from webhooks.selectors import deliveries_of, delivery_for, webhook_for, webhooks_of
from webhooks.services import (
    Wishes,
    delivery_replay,
    webhook_create,
    webhook_delete,
    webhook_ping,
    webhook_rotate_secret,
    webhook_update,
)


class WebhooksView(ListView):
    """The asker's webhooks."""

    resource = Resource.WEBHOOKS
    serializer_class = WebhookSerializer
    filterset_class = WebhookFilters

    @extend_schema(operation_id="webhooks_list")
    def get(self, request: Request) -> Response:
        """The asker's webhooks, newest first."""
        return self.list_rows(webhooks_of(self.user))

    @extend_schema(
        operation_id="webhooks_create",
        request=WebhookRequestSerializer,
        responses={201: NewWebhookSerializer},
    )
    def post(self, request: Request) -> Response:
        """Have a server told of events. Its secret is shown now, and never again."""
        wishes = _wishes(self.user, self.asked(WebhookRequestSerializer))
        webhook = webhook_create(user=self.user, wishes=wishes)
        here = reverse("api-webhook", args=[webhook.pk])
        return Response(NewWebhookSerializer(webhook).data, status=201, headers={"Location": here})


class WebhookView(ApiView):
    """One webhook."""

    resource = Resource.WEBHOOKS
    conditional_methods = ("PATCH", "DELETE")

    @extend_schema(operation_id="webhooks_get", responses=WebhookSerializer)
    def get(self, request: Request, webhook_id: uuid.UUID) -> Response:
        """The webhook, and why it is off where the platform switched it off."""
        return Response(WebhookSerializer(webhook_for(self.user, webhook_id)).data)

    @extend_schema(
        operation_id="webhooks_change",
        request=WebhookChangeSerializer,
        responses=WebhookSerializer,
    )
    def patch(self, request: Request, webhook_id: uuid.UUID) -> Response:
        """Change it. Switched off, it loses what waits for it."""
        webhook = webhook_for(self.user, webhook_id)
        wishes = _wishes(self.user, self.asked(WebhookChangeSerializer))
        with self._webhook_unchanged(webhook):
            changed = webhook_update(user=self.user, webhook=webhook, wishes=wishes)
            return Response(WebhookSerializer(changed).data)

    @extend_schema(operation_id="webhooks_delete", responses={204: None})
    def delete(self, request: Request, webhook_id: uuid.UUID) -> Response:
        """Delete it with its log."""
        webhook = webhook_for(self.user, webhook_id)
        with self._webhook_unchanged(webhook):
            webhook_delete(user=self.user, webhook=webhook)
        return Response(status=204)

    def _webhook_unchanged(self, webhook: Webhook) -> AbstractContextManager[None]:
        return self.unchanged(
            webhook,
            allowed=lambda: None,  # it is the asker's own
            shown=lambda: self.get(self.request, webhook.pk),
        )


class RotateSecretView(ApiView):
    """A webhook's secret."""

    resource = Resource.WEBHOOKS

    @extend_schema(
        operation_id="webhooks_rotate_secret", request=None, responses=NewWebhookSerializer
    )
    def post(self, request: Request, webhook_id: uuid.UUID) -> Response:
        """Make a new secret, shown now and never again; the old one signs too for 24 hours."""
        webhook = webhook_for(self.user, webhook_id)
        rotated = webhook_rotate_secret(user=self.user, webhook=webhook)
        return Response(NewWebhookSerializer(rotated).data)


class WebhookTestView(ApiView):
    """A try."""

    resource = Resource.WEBHOOKS

    @extend_schema(operation_id="webhooks_test", request=None, responses={202: DeliverySerializer})
    def post(self, request: Request, webhook_id: uuid.UUID) -> Response:
        """Send it a `ping`, whatever events were chosen."""
        return _on_its_way(webhook_ping(webhook=webhook_for(self.user, webhook_id)))


class DeliveriesView(ListView):
    """The log of a webhook."""

    resource = Resource.WEBHOOKS
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilters

    @extend_schema(operation_id="webhook_deliveries_list")
    def get(self, request: Request, webhook_id: uuid.UUID) -> Response:
        """What was and will be sent to it, newest first; kept for 30 days."""
        return self.list_rows(deliveries_of(webhook_for(self.user, webhook_id)))


class DeliveryView(ApiView):
    """One delivery."""

    resource = Resource.WEBHOOKS

    @extend_schema(operation_id="webhook_deliveries_get", responses=DeliveryDetailSerializer)
    def get(self, request: Request, delivery_id: uuid.UUID) -> Response:
        """What was sent, and what came of each try."""
        return Response(DeliveryDetailSerializer(delivery_for(self.user, delivery_id)).data)


class ReplayView(ApiView):
    """A delivery, once more."""

    resource = Resource.WEBHOOKS

    @extend_schema(
        operation_id="webhook_deliveries_replay",
        request=None,
        responses={202: DeliverySerializer},
    )
    def post(self, request: Request, delivery_id: uuid.UUID) -> Response:
        """Send an ended delivery again: the same `webhook-id` and body, a new signature."""
        return _on_its_way(delivery_replay(delivery=delivery_for(self.user, delivery_id)))


def _wishes(user: User, asked: Mapping[str, Any]) -> Wishes:
    wishes = dict(asked)
    if "active" in wishes:
        wishes["is_active"] = wishes.pop("active")
    if wishes.get("album"):
        wishes["album"] = album_for(user, wishes["album"])
    return cast(Wishes, wishes)


def _on_its_way(delivery: Delivery) -> Response:
    path = reverse("api-webhook-delivery", args=[delivery.pk])
    headers = {"Location": path, "Retry-After": "1"}
    return Response(DeliverySerializer(delivery).data, status=202, headers=headers)
