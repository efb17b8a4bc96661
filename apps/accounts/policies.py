"""Who may sign in."""

from django.conf import settings

from accounts.managers import normalize_email
from accounts.models import User


def is_closed_demo(user: User) -> bool:
    """Return whether this is the demo account and it is closed, because its password is public."""
    return not settings.DEMO_ENABLED and user.email == normalize_email(settings.DEMO_EMAIL)


def may_sign_in(user: User) -> bool:
    """Return whether the user may use the site, by session or by token."""
    return user.is_active and not is_closed_demo(user)
