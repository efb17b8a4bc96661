"""The jobs app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Knows no other app: they register their kinds of jobs and their periodic steps here."""

    name = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the message of housekeeping."""
        from jobs.housekeeping import RUN_HOUSEKEEPING
        from jobs.registry import registry

        registry.register_wakeup(RUN_HOUSEKEEPING)
