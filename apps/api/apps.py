"""The API room: addresses under /api/v1/, and what it remembers of calls."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Has what the API remembers cleared away with the rest."""

    name = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take part in housekeeping."""
        from api.forgetting import allowances_sweep, kept_answers_sweep
        from gallery.services.housekeeping import keep_house_by

        keep_house_by(kept_answers_sweep)
        keep_house_by(allowances_sweep)
