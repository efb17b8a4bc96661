"""Direct uploads: files that the browser sends straight to the storage."""

import uuid

from django.conf import settings
from django.db import models

from gallery.files import upload_key
from gallery.models.albums import Album
from gallery.models.photos import Photo


class Upload(models.Model):
    """An announced file. It becomes a Photo when all bytes have arrived and were checked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DB_CASCADE, related_name="uploads"
    )
    album = models.ForeignKey(Album, null=True, blank=True, on_delete=models.DB_CASCADE)
    filename = models.CharField(max_length=200)
    title = models.CharField(max_length=200, blank=True)
    mime = models.CharField(max_length=60)
    length = models.PositiveBigIntegerField(help_text="Bytes, as announced.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="As announced; may be absent.")
    key = models.CharField(max_length=200, unique=True, default=upload_key)
    remote_id = models.TextField(blank=True, help_text="What S3 calls an upload in parts.")
    # The photo may be deleted by now: the id is kept to answer a repeated completion.
    photo = models.OneToOneField(
        Photo,
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="upload",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When the photo was made.")

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="uploads_of_user"),
            models.Index(fields=["expires_at"], name="uploads_by_end"),
        ]

    def __str__(self) -> str:
        return self.filename
