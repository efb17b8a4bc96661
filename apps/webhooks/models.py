"""Webhooks and the deliveries of events to them."""

import uuid

from django.conf import settings
from django.db import models

from gallery.models import Album
from jobs.leases import Leased

LONGEST_URL = 1000


class Event(models.TextChoices):
    """The events that a webhook can receive."""

    EDIT_SUCCEEDED = "edit.succeeded"
    EDIT_FAILED = "edit.failed"
    EDIT_CANCELLED = "edit.cancelled"
    DETECTION_SUCCEEDED = "detection.succeeded"
    DETECTION_FAILED = "detection.failed"
    PHOTO_CREATED = "photo.created"
    PHOTO_DELETED = "photo.deleted"


PING = "ping"
"""An event that is sent on demand to a webhook; it cannot be subscribed to."""


class DisabledReason(models.TextChoices):
    """The reason why the platform has switched a webhook off."""

    FAILING = "failing", "An event could not be delivered for a day, and no other was meanwhile."
    GONE = "gone", "The receiver answered 410 Gone."


class Webhook(models.Model):
    """The URL of a user's server, and the events that are sent to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DB_CASCADE, related_name="webhooks"
    )
    url = models.CharField(max_length=LONGEST_URL)
    description = models.CharField(max_length=200, blank=True)
    events = models.JSONField(help_text="The names of the events that are sent.")
    # The album may have been deleted: then no event is sent.
    album = models.ForeignKey(
        Album,
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        help_text="The only album whose events are sent; empty: all albums of the owner.",
    )
    is_active = models.BooleanField(default=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_reason = models.CharField(max_length=20, choices=DisabledReason.choices, blank=True)
    # In clear text, because it signs the events (docs/adr/0013).
    secret = models.CharField(max_length=120)
    previous_secret = models.CharField(max_length=120, blank=True)
    previous_secret_expires_at = models.DateTimeField(null=True, blank=True)
    last_delivered_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["owner", "-created_at", "id"], name="webhooks_of_owner")]

    def __str__(self) -> str:
        return self.description or self.url


class DeliveryState(models.TextChoices):
    """queued → sending → delivered / queued again / failed; dropped when its webhook is off."""

    QUEUED = "queued"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


ENDED = (DeliveryState.DELIVERED, DeliveryState.FAILED, DeliveryState.DROPPED)


class Delivery(Leased):
    """One event for one webhook; the row is written in the transaction of the event itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.DB_CASCADE, related_name="deliveries")
    event = models.CharField(max_length=40)
    body = models.TextField(help_text="What is signed and sent, the same at every try.")
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED
    )
    attempt = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    first_tried_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    tries = models.JSONField(default=list, help_text="The newest tries, oldest first.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "id"]
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["state", "next_try_at"], name="deliveries_by_state"),
            models.Index(fields=["webhook", "-created_at", "id"], name="deliveries_of_webhook"),
            models.Index(fields=["created_at"], name="deliveries_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.webhook}"
