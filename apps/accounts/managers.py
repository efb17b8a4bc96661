"""How User rows are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager

if TYPE_CHECKING:
    from accounts.models import User


def normal_email(email: str) -> str:
    """The one spelling of an address that is stored and compared: trimmed, in lower case."""
    return email.strip().lower()


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address; there are no user names."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An ordinary user; without a password, one who can't sign in by password.

        Raises:
            ValueError: no e-mail address.
            IntegrityError: somebody has that address already, whatever its letters' case.
        """
        if not normal_email(email):
            raise ValueError("a user needs an e-mail address")
        user = self.model(email=normal_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user who may do everything in the admin. Raises as `create_user`."""
        return self.create_user(email, password, **fields, is_staff=True, is_superuser=True)

    def get_by_natural_key(self, username: str | None) -> User:
        """The user with this e-mail address, whatever its letters' case."""
        return self.get(email=normal_email(username or ""))
