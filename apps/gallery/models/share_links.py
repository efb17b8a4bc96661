"""Links that let anybody look, without an account."""

import uuid

from django.conf import settings
from django.db import models

from gallery.models.albums import Album
from gallery.models.photos import Photo
from gallery.share_tokens import token_of


class ShareLink(models.Model):
    """Whoever has its address sees the album, or one photo in it, until it ends or is revoked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    album = models.ForeignKey(Album, on_delete=models.DB_CASCADE, related_name="share_links")
    # May name a photo that is gone or in another album by now: then the link opens nothing.
    photo = models.ForeignKey(
        Photo,
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="share_links",
        help_text="The only photo that it shows; empty for the whole album.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DB_CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Empty: never.")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["album", "-created_at"], name="share_links_of_album")]

    def __str__(self) -> str:
        return f"Link of {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def token(self) -> str:
        """What its address ends with, and nobody can guess."""
        return token_of(self.pk)
