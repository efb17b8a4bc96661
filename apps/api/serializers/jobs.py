"""What edits and detection runs have in common."""

from typing import Any

from rest_framework import serializers

from jobs.models import Job


class ErrorSerializer(serializers.Serializer[Any]):
    """Why work failed, or is tried again."""

    code = serializers.CharField()
    message = serializers.CharField()
    permanent = serializers.BooleanField(help_text="Trying the same again can't help.")


def describe_error(job: Job) -> dict[str, Any] | None:
    """Return the job's error as JSON; None if it has none."""
    if not job.error_code:
        return None
    return {
        "code": job.error_code,
        "message": job.error_message,
        "permanent": job.error_is_permanent,
    }
