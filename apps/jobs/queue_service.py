"""Asks the queues themselves whether they are there and fit for our work."""

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from config.folders import require_writable

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class QueueUnreachable(OSError):
    """A queue gave no answer, or does not exist."""


def check_queues() -> None:
    """Whether every queue answers, quickly. Raises OSError."""
    from django.conf import settings

    if settings.QUEUE_URLS:
        for _queue in _attributes():
            pass
    else:
        require_writable(settings.QUEUE_DIR)


def require_safe_queues() -> None:
    """End the process, saying why, where a queue would hand out work twice or for ever.

    A message must stay hidden for longer than a job may take, and go to a dead-letter queue after
    a few tries. A queue that gives no answer is left to the broker, which keeps trying.
    """
    from django.conf import settings

    try:
        found = list(_attributes()) if settings.QUEUE_URLS else []
    except QueueUnreachable:
        return
    for name, attributes in found:
        variable = f"VANISH_{name.upper()}_QUEUE_URL"
        hidden = int(attributes.get("VisibilityTimeout", 0))
        if hidden <= settings.LONGEST_JOB_SECONDS:
            raise SystemExit(
                f"{variable}: the queue shows a message again after {hidden} s, but a job may take "
                f"{settings.LONGEST_JOB_SECONDS} s (VANISH_LONGEST_JOB_SECONDS): set its "
                "visibility timeout higher."
            )
        if "RedrivePolicy" not in attributes:
            raise SystemExit(f"{variable}: the queue has no dead-letter queue.")


def _attributes() -> Iterator[tuple[str, dict[str, str]]]:
    from botocore.exceptions import BotoCoreError, ClientError
    from django.conf import settings

    with closing(_client()) as client:
        for name, url in settings.QUEUE_URLS.items():
            try:
                answer = client.get_queue_attributes(
                    QueueUrl=url, AttributeNames=["VisibilityTimeout", "RedrivePolicy"]
                )
            except (BotoCoreError, ClientError) as error:
                raise QueueUnreachable(f"The queue {name}: {error}") from error
            yield name, {str(key): value for key, value in answer.get("Attributes", {}).items()}


def _client() -> "SQSClient":
    import boto3
    from botocore.config import Config
    from django.conf import settings

    quick = Config(connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 1})
    return boto3.client("sqs", region_name=settings.AWS_REGION, config=quick)
