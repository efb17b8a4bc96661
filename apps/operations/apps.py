"""The operations room: how the platform is doing."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Counts what the other rooms tell."""

    name = "operations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to the other rooms."""
        from gallery.signals import input_refused
        from jobs.signals import job_ended
        from operations import receivers

        job_ended.connect(receivers.count_job, dispatch_uid="operations.jobs")
        input_refused.connect(receivers.count_refusal, dispatch_uid="operations.refusals")
