"""Checks that the message queues exist and that their settings are safe."""

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from config.folders import require_writable

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class QueueUnreachable(OSError):
    """A queue did not answer or does not exist."""


def check_queues() -> None:
    """Raise OSError unless every queue answers within a few seconds."""
    from django.conf import settings

    if settings.QUEUE_URLS:
        for _queue in _read_attributes():
            pass
    else:
        require_writable(settings.QUEUE_DIR)


def require_safe_queues() -> None:
    """Raise SystemExit, with the reason, if a queue would deliver work twice or for ever.

    A message must stay hidden for longer than a job may take, and go to a dead-letter queue after
    a few tries. A queue that does not answer is ignored here, because the broker retries.
    """
    from django.conf import settings

    try:
        queues = list(_read_attributes()) if settings.QUEUE_URLS else []
    except QueueUnreachable:
        return
    for name, attributes in queues:
        variable = f"VANISH_{name.upper()}_QUEUE_URL"
        timeout = int(attributes.get("VisibilityTimeout", 0))
        if timeout <= settings.LONGEST_JOB_SECONDS:
            raise SystemExit(
                f"{variable}: the queue shows a message again after {timeout} s, but a job may "
                f"take {settings.LONGEST_JOB_SECONDS} s (VANISH_LONGEST_JOB_SECONDS): set its "
                "visibility timeout higher."
            )
        if "RedrivePolicy" not in attributes:
            raise SystemExit(f"{variable}: the queue has no dead-letter queue.")


def _read_attributes() -> Iterator[tuple[str, dict[str, str]]]:
    from botocore.exceptions import BotoCoreError, ClientError
    from django.conf import settings

    with closing(_create_client()) as client:
        for name, url in settings.QUEUE_URLS.items():
            try:
                response = client.get_queue_attributes(
                    QueueUrl=url, AttributeNames=["VisibilityTimeout", "RedrivePolicy"]
                )
            except (BotoCoreError, ClientError) as error:
                raise QueueUnreachable(f"The queue {name}: {error}") from error
            yield name, {str(key): value for key, value in response.get("Attributes", {}).items()}


def _create_client() -> "SQSClient":
    import boto3
    from botocore.config import Config
    from django.conf import settings

    options = Config(connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 1})
    return boto3.client("sqs", region_name=settings.AWS_REGION, config=options)
