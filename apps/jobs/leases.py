"""Leases: who holds a row, and until when. Jobs, deliveries and idempotency keys use them.

A lease is a random id and an end. Every write of the holder names the id. So a holder whose lease
has expired, and whose row another process has claimed, can change nothing any more.
"""

import uuid
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone


class Leased(models.Model):
    """A row that one process at a time may hold."""

    lease_id = models.UUIDField(null=True, blank=True, help_text="Which claim holds the row.")
    lease_expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


NO_LEASE: dict[str, Any] = {"lease_id": None, "lease_expires_at": None}
"""The columns of a row without a lease."""


def create_lease(seconds: float) -> dict[str, Any]:
    """Return the columns of a lease with a new id that ends `seconds` from now."""
    return {"lease_id": uuid.uuid4(), **extend_lease(seconds)}


def extend_lease(seconds: float) -> dict[str, Any]:
    """Return the column that makes a lease end `seconds` from now."""
    return {"lease_expires_at": timezone.now() + timedelta(seconds=seconds)}


def select_held(row: Any) -> QuerySet[Any]:
    """Return the row in the database while it has the lease that `row` was read with."""
    rows: QuerySet[Any] = type(row)._default_manager.all()  # noqa: SLF001  Django's own name
    return rows.filter(pk=row.pk, lease_id=row.lease_id)


def has_expired() -> Q:
    """Return the condition that a row's lease has expired."""
    return Q(lease_expires_at__lt=timezone.now())
