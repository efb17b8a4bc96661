"""Users, and the tokens by which their scripts sign in."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from knox.models import AbstractAuthToken

from accounts.managers import UserManager, normal_email
from accounts.scopes import validate_scopes

AS_EVERYBODY = "Empty: as everybody has."


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in by e-mail address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Unique as written too: Django's check of USERNAME_FIELD doesn't see the constraint below.
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
        "megabytes kept", null=True, blank=True, help_text=AS_EVERYBODY
    )
    pixel_quota = models.PositiveIntegerField(
        "megapixels a day", null=True, blank=True, help_text=AS_EVERYBODY
    )
    edit_quota = models.PositiveIntegerField(
        "edits at once", null=True, blank=True, help_text=AS_EVERYBODY
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
        """The e-mail address, the one name that every user has."""
        return self.email

    def clean(self) -> None:
        """Bring the address into the one spelling that is stored."""
        super().clean()
        self.email = normal_email(self.email)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the address in lower case, whichever way the row was made."""
        self.email = normal_email(self.email)
        super().save(*args, **kwargs)

    def get_short_name(self) -> str:
        """What to call the user on a page: the display name, or the address before the @."""
        return self.display_name or self.email.partition("@")[0]


# Knox is untyped: `models.Model`, already among its ancestors, shows the type checker a model.
class Token(AbstractAuthToken, models.Model):  # type: ignore[misc]
    """What a script signs in with. Only a hash of it is kept; the text is shown once."""

    # Knox's key is the hash; this is the name by which users and the API speak of a token.
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

    # Knox's own manager makes text and row in one call, untyped; `services.token_create` does it.
    objects: ClassVar[models.Manager[Token]] = models.Manager()

    class Meta:
        ordering = ["-created", "id"]

    def __str__(self) -> str:
        """The name that its owner gave it."""
        return self.name

    def has_expired(self) -> bool:
        """Whether its time is over."""
        return self.expiry is not None and self.expiry <= timezone.now()
