"""Albums and the roles of their members."""

import uuid

from django.conf import settings
from django.db import models


class Role(models.TextChoices):
    """Rights of a member: a viewer may look, an editor may also change, an owner may also share."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"


class Album(models.Model):
    """A set of photos with common members."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    is_default = models.BooleanField(default=False, help_text="Where uploads without an album go.")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Of a temporary one, which is in no list: when it goes with all that is in it.",
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="AlbumMember", related_name="albums"
    )

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["-created_at", "id"], name="albums_by_age")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_temporary(self) -> bool:
        """Whether it is deleted by itself, with all that is in it."""
        return self.expires_at is not None


class AlbumMember(models.Model):
    """The role of one user in one album."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="album_memberships"
    )
    role = models.CharField(max_length=10, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["album", "user"], name="one_role_per_member"),
            models.UniqueConstraint(
                fields=["album"], condition=models.Q(role="owner"), name="one_owner_per_album"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["owner", "editor", "viewer"]), name="known_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.album}"
