"""The API app: URLs under /api/v1/, and the rows that it stores about calls."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registers the sweeps of the API's rows."""

    name = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the steps of housekeeping."""
        from api.cleanup import allowances_sweep, kept_answers_sweep
        from jobs.registry import registry

        registry.register_cleanups(kept_answers_sweep, allowances_sweep)
