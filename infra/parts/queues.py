"""A queue, and where its messages go that nobody could work on."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.config import VISIBILITY_SECONDS

TRIES = 3
WAIT_SECONDS = 10
"""How long a worker's question stays open while there is nothing to do."""


def queue_with_dead_letters(scope: Construct, name: str) -> tuple[sqs.Queue, sqs.Queue]:
    """The queue and its dead-letter queue. Both go with the stack: the database has the truth."""
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
