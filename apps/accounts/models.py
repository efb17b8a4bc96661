"""Users, and the tokens that their scripts sign in with."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from knox.models import AbstractAuthToken

from accounts.managers import UserManager, normalize_email
from accounts.scopes import validate_scopes

QUOTA_HELP = "Empty: as everybody has."


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by e-mail address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Unique here too, because Django's check of USERNAME_FIELD ignores the constraint below.
    email = models.EmailField(
        "e-mail address",
        unique=True,
        error_messages={"unique": "Somebody has an account with this e-mail address already."},
    )
    display_name = models.CharField(max_length=80, blank=True)
    is_active = models.BooleanField(
        default=True, help_text="Take this away instead of deleting an account."
    )
    is_staff = models.BooleanField(default=False, help_text="May use the admin.")
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    storage_quota = models.PositiveIntegerField(
        "megabytes kept", null=True, blank=True, help_text=QUOTA_HELP
    )
    pixel_quota = models.PositiveIntegerField(
        "megapixels a day", null=True, blank=True, help_text=QUOTA_HELP
    )
    edit_quota = models.PositiveIntegerField(
        "edits at once", null=True, blank=True, help_text=QUOTA_HELP
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_in_any_case",
                violation_error_message="Somebody has an account with this e-mail address already.",
            )
        ]

    def __str__(self) -> str:
        """Return the e-mail address, because a display name is optional."""
        return self.email

    def clean(self) -> None:
        """Normalize the address."""
        super().clean()
        self.email = normalize_email(self.email)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Normalize the address, because rows are not only created by forms, and store the row."""
        self.email = normalize_email(self.email)
        super().save(*args, **kwargs)

    def get_short_name(self) -> str:
        """Return the user's name on pages: the display name, or the address before the @."""
        return self.display_name or self.email.partition("@")[0]


# Knox has no types; `models.Model`, already a base class of it, is here for the type checker.
class Token(AbstractAuthToken, models.Model):  # type: ignore[misc]
    """A secret that a script signs in with. Only its hash is stored; the text is shown once."""

    # Knox's primary key is the hash, which must stay private; users and the API use this id.
    id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(
        max_length=100,
        error_messages={"blank": "Give the token a name.", "max_length": "Choose a shorter name."},
    )
    scopes = models.JSONField(
        validators=[validate_scopes], error_messages={"blank": "Choose at least one scope."}
    )
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    # Not Knox's manager, which has no types: `services.token_create` creates text and row.
    objects: ClassVar[models.Manager[Token]] = models.Manager()

    class Meta:
        ordering = ["-created", "id"]

    def __str__(self) -> str:
        """Return the name that the owner chose."""
        return self.name

    def has_expired(self) -> bool:
        """Return whether the expiry has passed."""
        return self.expiry is not None and self.expiry <= timezone.now()
