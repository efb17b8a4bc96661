"""Photos that users uploaded."""

import uuid

from django.conf import settings
from django.db import models

from gallery.files import original_key
from gallery.models.albums import Album


class Photo(models.Model):
    """An original, stored byte for byte, with a pointer to the revision that is shown."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="photos")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    title = models.CharField(max_length=200)
    filename = models.CharField(max_length=200)
    credit = models.CharField(max_length=300, blank=True)
    original = models.FileField(upload_to=original_key, max_length=200)
    original_sha256 = models.CharField(max_length=64)
    original_bytes = models.PositiveBigIntegerField()
    added_bytes = models.BigIntegerField(
        default=0, db_default=0, help_text="Of its masks, and of the patches of its revisions."
    )
    format = models.CharField(max_length=10, help_text="JPEG, PNG, …")
    mode = models.CharField(max_length=10, help_text="L, LA, RGB or RGBA, with the bits a sample.")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    canvas_sha256 = models.CharField(max_length=64, help_text="Digest of the decoded pixels.")
    decoder = models.CharField(max_length=60)
    notes = models.JSONField(default=list, blank=True)
    metadata = models.JSONField(
        null=True, blank=True, help_text="What the file says of itself; empty for older photos."
    )
    current = models.ForeignKey(
        "gallery.Revision", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    tip = models.ForeignKey(
        "gallery.Revision",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Where redo leads: the newest state on the line that is being undone.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["album", "-created_at"], name="photos_of_album"),
            models.Index(fields=["-created_at", "id"], name="photos_by_age"),
            models.Index(fields=["original"], name="photos_by_file"),
        ]

    def __str__(self) -> str:
        return self.title
