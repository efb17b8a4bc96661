"""Share links: they show photos without an account, in the states they were shared in."""

import uuid

from django.conf import settings
from django.db import models

from gallery.models.albums import Album
from gallery.models.photos import Photo
from gallery.models.revisions import Revision
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
    always_newest = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Whether later edits show too; otherwise the states at its creation stay.",
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


class SharedRevision(models.Model):
    """The revision of one photo that a link shows; unless it is fixed, the earliest it may show.

    A photo of the link without such a row is shown in its current revision: it has not been
    undone while the link could show it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    link = models.ForeignKey(
        ShareLink, on_delete=models.DB_CASCADE, related_name="shared_revisions"
    )
    # The release before this one deletes photos without these rows: then the link shows nothing.
    photo = models.ForeignKey(
        Photo, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    revision = models.ForeignKey(
        Revision, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    is_fixed = models.BooleanField(help_text="Whether later edits are not shown.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "photo"], name="one_shared_revision_of_a_photo")
        ]

    def __str__(self) -> str:
        return f"{self.revision} by link"
