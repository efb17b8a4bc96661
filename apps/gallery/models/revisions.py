"""The history of a photo: append-only revisions, their patches and their renditions."""

import uuid

from django.conf import settings
from django.db import models

from gallery.files import patch_key, rendition_key
from gallery.models.photos import Photo


class Revision(models.Model):
    """One state of a photo: its parent plus patches. Number 0 is the original."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children"
    )
    edit = models.OneToOneField(
        "inpainting.Edit",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="revision",
    )
    label = models.CharField(max_length=200)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["photo", "number"]
        constraints = [
            models.UniqueConstraint(fields=["photo", "number"], name="revision_number_once"),
            models.CheckConstraint(
                condition=models.Q(number=0, parent=None, edit=None)
                | models.Q(number__gt=0, parent__isnull=False, edit__isnull=False),
                name="only_the_original_has_no_parent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.photo} #{self.number}"


class Patch(models.Model):
    """The pixels that a revision changed in one region. Position and size in pixels."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="patches")
    index = models.PositiveSmallIntegerField()
    x = models.PositiveIntegerField()
    y = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    file = models.FileField(upload_to=patch_key, max_length=200)
    file_bytes = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Counted as the photo's; empty for older ones, which are not.",
    )

    class Meta:
        ordering = ["revision", "index"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "index"], name="patch_index_once")
        ]
        indexes = [models.Index(fields=["file"], name="patches_by_file")]

    def __str__(self) -> str:
        return f"{self.revision} patch {self.index}"


class Rendition(models.Model):
    """A derived picture of a revision. It is made once and may be deleted: it can be made again."""

    class Kind(models.TextChoices):
        """Size and purpose: SHARED is at full size without metadata, for visitors of share links.

        Files of the kind "full", of earlier releases, may hold a preview of what was removed: they
        are deleted and never sent.
        """

        THUMBNAIL = "thumbnail"
        PREVIEW = "preview"
        FULL = "download"
        SHARED = "shared"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="renditions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    format = models.CharField(max_length=10)
    file = models.FileField(upload_to=rendition_key, max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "kind", "format"], name="one_rendition_of_a_kind"
            )
        ]
        indexes = [
            models.Index(fields=["file"], name="renditions_by_file"),
            models.Index(fields=["kind", "created_at"], name="renditions_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.revision} {self.kind}"
