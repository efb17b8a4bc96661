"""Start-up checks: a production site must not open the demo account."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

BACKEND = "accounts.authentication.EmailBackend"


@register(Tags.security)
def check_demo_is_closed(**_: Any) -> list[CheckMessage]:
    """Return an error if the demo account, or a backend that could open it, is on in production."""
    if settings.ENVIRONMENT != "production":
        return []
    errors: list[CheckMessage] = []
    if settings.DEMO_ENABLED:
        message = "The demo account, whose password is published, is open in production."
        errors.append(Error(message, hint="Set DEMO_ENABLED = False.", id="accounts.E001"))
    if settings.AUTHENTICATION_BACKENDS != [BACKEND]:
        message = "Another way to sign in might open the demo account in production."
        hint = f"AUTHENTICATION_BACKENDS must be [{BACKEND!r}]."
        errors.append(Error(message, hint=hint, id="accounts.E002"))
    return errors
