"""The API app: URLs under /api/v1/, and the rows that it stores about calls."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registers the sweeps of the API's rows."""

    name = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the sweeps with housekeeping."""
        from api.forgetting import allowances_sweep, kept_answers_sweep
        from gallery.services.housekeeping import keep_house_by

        keep_house_by(kept_answers_sweep)
        keep_house_by(allowances_sweep)
