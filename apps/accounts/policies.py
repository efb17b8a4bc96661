"""Who may sign in."""

from django.conf import settings

from accounts.managers import normal_email
from accounts.models import User


def is_closed_demo(user: User) -> bool:
    """Whether this is the demo account, where its published password must not open anything."""
    return not settings.DEMO_ENABLED and user.email == normal_email(settings.DEMO_EMAIL)


def may_sign_in(user: User) -> bool:
    """Whether the user may use the site, by session or by token."""
    return user.is_active and not is_closed_demo(user)
