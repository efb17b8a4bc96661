"""Detection runs, and the detections that they found."""

import uuid

from django.db import models

from gallery.models import Photo, Revision
from jobs.models import Job


class DetectionRun(Job):
    """The job that detects objects in a photo. A photo has one row, which can be queued again."""

    photo = models.OneToOneField(Photo, on_delete=models.CASCADE, related_name="detection_run")
    detector = models.CharField(max_length=30)
    min_confidence = models.FloatField(
        null=True, blank=True, help_text="0 to 1, of what is kept; empty: the detector's own."
    )

    revision = models.ForeignKey(
        Revision,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The state of the photo that is examined; empty: the original.",
    )

    class Meta:
        indexes = [models.Index(fields=["state", "queued_at"], name="detection_runs_by_state")]

    def __str__(self) -> str:
        return f"Detection in {self.photo}"


class Detection(models.Model):
    """An object in a photo: label, confidence, box (some have none), outline and shadow."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="detections")
    detector = models.CharField(max_length=30)
    label = models.CharField(max_length=100)
    parents = models.JSONField(default=list, blank=True)
    confidence = models.FloatField(help_text="0 to 1")
    x = models.PositiveIntegerField(null=True, blank=True)
    y = models.PositiveIntegerField(null=True, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    outline = models.JSONField(default=list, blank=True, help_text="Polygons of [x, y] in pixels.")
    outline_method = models.CharField(
        max_length=20, blank=True, help_text="u2net, deeplab, grabcut, box"
    )
    shadow = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        blank=True,
        help_text="Polygons of the shadow that it casts, like the outline's.",
    )
    is_current = models.BooleanField(default=True, help_text="Off once a newer run replaced it.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-confidence", "id"]
        indexes = [
            models.Index(fields=["photo", "is_current", "-confidence"], name="detections_of_photo")
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(x=None, y=None, width=None, height=None)
                | models.Q(
                    x__isnull=False, y__isnull=False, width__isnull=False, height__isnull=False
                ),
                name="a_place_is_whole_or_absent",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.confidence:.0%})"

    @property
    def has_place(self) -> bool:
        """Whether the detection has a box, so that it can be removed."""
        return self.x is not None
