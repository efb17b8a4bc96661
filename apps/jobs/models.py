"""The base class of all jobs. The row is the truth; a message only wakes a worker."""

import uuid

from django.db import models
from django.utils import timezone

from jobs.leases import Leased

MAX_ATTEMPTS = 3


class State(models.TextChoices):
    """The state of a job: queued → running → succeeded / failed / cancelled."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (State.QUEUED, State.RUNNING)


class Job(Leased):
    """A row that a worker claims, holds by a lease that it renews, and ends once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    progress = models.FloatField(default=0)
    queued_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=80, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.TextField(blank=True)
    error_is_permanent = models.BooleanField(default=False)
    timings = models.JSONField(default=dict, blank=True, help_text="Seconds per step.")

    class Meta:
        abstract = True


class SweepLock(models.Model):
    """A lock with a name: only its holder may sweep, until `expires_at`."""

    name = models.CharField(max_length=40, primary_key=True)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "inpainting_sweeplock"  # the name from before this app existed

    def __str__(self) -> str:
        return self.name
