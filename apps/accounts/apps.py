"""The accounts app: users, sign-in and tokens."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the start-up checks and the token scheme of the API's schema."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the modules that register checks and the token scheme."""
        from accounts import checks, schema  # noqa: F401
