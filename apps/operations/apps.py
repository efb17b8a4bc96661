"""The operations app: health, metrics and the commands that run the platform."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Connects the signals of the other apps to the counters."""

    name = "operations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the signals."""
        from gallery.signals import input_refused
        from jobs.signals import job_ended
        from operations import receivers

        job_ended.connect(receivers.count_job, dispatch_uid="operations.jobs")
        input_refused.connect(receivers.count_refusal, dispatch_uid="operations.refusals")
