"""A queue with its dead-letter queue."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.config import VISIBILITY_SECONDS

TRIES = 3
WAIT_SECONDS = 10
"""Long polling: how long a request for a message waits."""


def add_queue(scope: Construct, name: str) -> tuple[sqs.Queue, sqs.Queue]:
    """Add a queue and its dead-letter queue.

    Both are deleted with the stack: the database holds the work, a message only wakes a worker.
    """
    title = name.title()
    dead = sqs.Queue(
        scope,
        f"{title}DeadLetters",
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        retention_period=Duration.days(14),
    )
    queue = sqs.Queue(
        scope,
        f"{title}Queue",
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        visibility_timeout=Duration.seconds(VISIBILITY_SECONDS),
        receive_message_wait_time=Duration.seconds(WAIT_SECONDS),
        dead_letter_queue=sqs.DeadLetterQueue(queue=dead, max_receive_count=TRIES),
    )
    return queue, dead
