"""The API room: addresses under /api/v1/, and what it remembers of calls."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Has what the API remembers cleared away with the rest."""

    name = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take part in housekeeping."""
        from api.cleanup import allowances_sweep, kept_answers_sweep
        from jobs.registry import registry

        registry.register_cleanups(kept_answers_sweep, allowances_sweep)
