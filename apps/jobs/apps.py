"""The jobs app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The bottom of all work: other apps register their job kinds and periodic steps here."""

    name = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the wake-up message of housekeeping, and send notices about ended jobs."""
        from jobs.end_notices import send_end_notices
        from jobs.housekeeping import RUN_HOUSEKEEPING
        from jobs.registry import registry
        from jobs.signals import jobs_ending

        jobs_ending.connect(send_end_notices, dispatch_uid="jobs.notices")

        registry.register_wakeup(RUN_HOUSEKEEPING)
