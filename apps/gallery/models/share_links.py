"""Share links: they show photos without an account."""

import uuid

from django.conf import settings
from django.db import models

from gallery.models.albums import Album
from gallery.models.photos import Photo
from gallery.share_tokens import build_token


class ShareLink(models.Model):
    """A link that shows an album, or one photo in it, until it expires or is revoked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    album = models.ForeignKey(Album, on_delete=models.DB_CASCADE, related_name="share_links")
    # The photo may be deleted or in another album by now: then the link is not valid.
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
        """Secret last part of the link's address, which cannot be guessed."""
        return build_token(self.pk)
