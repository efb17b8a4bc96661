"""Masks and edits."""

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db import models

from gallery.files import mask_key
from gallery.models import Photo, Revision
from inpainting.models.detections import Detection
from jobs.models import UNFINISHED, Job, State
from vision.forewarning import Forewarning


class Mask(models.Model):
    """The pixels to remove: a PNG of the photo's size, 255 = remove, 0 = keep."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="masks")
    name = models.CharField(max_length=120, blank=True)
    file = models.FileField(upload_to=mask_key, max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    covered_pixels = models.PositiveIntegerField()
    convention = models.CharField(
        max_length=20,
        blank=True,
        default="",
        db_default="",
        help_text="How a mask file was read: white, black, transparent, label or annotation.",
    )
    notes = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        blank=True,
        help_text="What was noticed when the file was read, in sentences.",
    )
    file_bytes = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Counted as the photo's; empty for older ones, which are not.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["photo", "-created_at"], name="masks_of_photo"),
            models.Index(fields=["file"], name="masks_by_file"),
        ]

    def __str__(self) -> str:
        return self.name or f"Mask of {self.photo}"


class Edit(Job):
    """A request to make something vanish. Its settings never change. Success makes one Revision."""

    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="edits")
    base_revision = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    base_edit = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="followers"
    )
    mask = models.ForeignKey(Mask, on_delete=models.RESTRICT, related_name="edits")
    detections = models.ManyToManyField(Detection, blank=True, related_name="edits")
    covered_detections = models.ManyToManyField(
        Detection,
        blank=True,
        related_name="+",
        # Without constraints: releases that do not know this table can still delete the rows.
        db_constraint=False,
        help_text="Objects that lay in the removed area without being chosen: they are gone too.",
    )
    inpainter = models.CharField(max_length=30)
    variant = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        help_text="Which of the inpainter's results for this mask; 0 is the best one.",
    )
    variant_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="variants",
        help_text="The first edit with this mask on this base, if this is another try.",
    )
    grow = models.PositiveSmallIntegerField(default=0, help_text="Pixels the mask grows by.")
    feather = models.PositiveSmallIntegerField(default=0, help_text="Pixels of soft rim, inward.")
    label = models.CharField(max_length=200)
    awaited = models.JSONField(
        null=True,
        blank=True,
        help_text="Labels to add to the mask once objects have been looked for, and how.",
    )
    missing_labels = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        blank=True,
        help_text="Labels that were asked for and name no object of the photo.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="edits"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    turn = models.IntegerField(
        default=0, db_default=0, help_text="Whose is lowest is next: see inpainting.turns."
    )
    # Not stored: services and selectors set these on the objects that they return.
    queue_position: int | None = None
    forewarnings: Sequence[Forewarning] = ()
    is_branch = models.BooleanField(
        default=False, help_text="The photo had moved on: the result is kept beside the line."
    )

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["state", "queued_at"], name="edits_by_state"),
            models.Index(fields=["photo", "-created_at"], name="edits_of_photo"),
            models.Index(fields=["created_by", "-started_at"], name="edits_by_last_start"),
            models.Index(
                fields=["turn", "queued_at", "id"],
                condition=models.Q(state=State.QUEUED),
                name="edits_by_turn",
            ),
            models.Index(
                fields=["created_by", "turn"],
                condition=models.Q(state__in=UNFINISHED),
                name="edits_in_flight",
            ),
            models.Index(fields=["-created_at", "id"], name="edits_by_age"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(base_revision__isnull=False, base_edit=None)
                | models.Q(base_revision=None, base_edit__isnull=False),
                name="an_edit_has_one_base",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} in {self.photo}"
