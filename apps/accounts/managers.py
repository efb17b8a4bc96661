"""The manager that creates users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager

if TYPE_CHECKING:
    from accounts.models import User


def normalize_email(email: str) -> str:
    """Return the address as it is stored and compared: trimmed, in lower case."""
    return email.strip().lower()


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail address; there are no user names."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create an ordinary user, who cannot sign in by password if there is none.

        Raises:
            ValueError: there is no e-mail address.
            IntegrityError: another user has that address, in upper or lower case.
        """
        if not normalize_email(email):
            raise ValueError("a user needs an e-mail address")
        user = self.model(email=normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a user who may do everything in the admin. Raises the errors of `create_user`."""
        return self.create_user(email, password, **fields, is_staff=True, is_superuser=True)

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the user with this e-mail address, in upper or lower case."""
        return self.get(email=normalize_email(username or ""))
