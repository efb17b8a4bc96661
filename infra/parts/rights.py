"""What each process may do on AWS: what its code does, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from aws_cdk import Stack
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam

from infra.config import QUEUES, Config
from infra.parts.accepted import accept

if TYPE_CHECKING:
    from infra.stacks.data import DataStack

READ = ("s3:GetObject",)
# A large file is sent in parts, which are given up when one of them fails.
WRITE = ("s3:PutObject", "s3:AbortMultipartUpload")
DELETE = ("s3:DeleteObject",)
SEE_PARTS = ("s3:ListMultipartUploadParts",)
RECEIVE = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility")
RING = ("sqs:SendMessage", "sqs:GetQueueAttributes")


@dataclass(frozen=True)
class Rights:
    """Of one process.

    Attributes:
        files: actions by the folder of the bucket that they are allowed in.
        bucket: actions on the bucket itself. Without s3:ListBucket, S3 answers for a file that is
            gone as for one that is forbidden.
        receives: the queue that it takes its work from.
        detects: whether it may ask Rekognition.
        mails: whether it may send mail.
        goes_out: whether it stands where the internet can be reached.
    """

    files: Mapping[str, Sequence[str]]
    bucket: Sequence[str] = ("s3:ListBucket",)
    receives: str | None = None
    detects: bool = False
    mails: bool = False
    goes_out: bool = False


WEB = Rights(
    files={
        "originals": (*READ, *WRITE, *DELETE),
        "patches": (*READ, *DELETE),
        "renditions": (*READ, *WRITE, *DELETE),
        "masks": (*READ, *WRITE, *DELETE),
        # What browsers may do by the addresses that it signs stands here as well.
        "uploads": (*READ, *WRITE, *DELETE, *SEE_PARTS),
    },
    mails=True,
    goes_out=True,
)
WORKERS = {
    "edits": Rights(
        files={
            "originals": READ,
            "masks": READ,
            "patches": (*READ, *WRITE, *DELETE),
            "renditions": (*WRITE, *DELETE),
        },
        receives="edits",
    ),
    "detection": Rights(files={"originals": READ}, receives="detection", detects=True),
    "housekeeping": Rights(
        files={
            **dict.fromkeys(("originals", "patches", "renditions", "masks"), DELETE),
            "uploads": (*DELETE, "s3:AbortMultipartUpload"),
        },
        bucket=("s3:ListBucket", "s3:ListBucketMultipartUploads"),
        receives="housekeeping",
        # It sends webhooks, and tells their owners where that fails.
        mails=True,
        goes_out=True,
    ),
}


def give(
    rights: Rights, definition: ecs.TaskDefinition, *, config: Config, data: "DataStack"
) -> None:
    """Let the task's containers do it."""
    role = cast(iam.Role, definition.task_role)
    _give_files(rights, role, data)
    queues = [data.queues[name].queue_arn for name in QUEUES]
    role.add_to_principal_policy(_allow(rights.bucket, data.bucket.bucket_arn))
    # The sweeper of every worker rings for all queues, and looks first whether they are safe.
    role.add_to_principal_policy(_allow(RING, *queues))
    if rights.receives:
        own = data.queues[rights.receives].queue_arn
        role.add_to_principal_policy(_allow(RECEIVE, own))
    if rights.detects:
        role.add_to_principal_policy(_allow(["rekognition:DetectLabels"], "*"))
        accept(role, "DetectLabels knows no resource.", "AwsSolutions-IAM5[Resource::*]")
    if rights.mails:
        role.add_to_principal_policy(_mail(config, Stack.of(definition)))


def _give_files(rights: Rights, role: iam.Role, data: "DataStack") -> None:
    files = iam.Policy(
        role,
        "Files",
        statements=[
            _allow(actions, data.bucket.arn_for_objects(f"{folder}/*"))
            for folder, actions in rights.files.items()
        ],
    )
    files.attach_to_role(role)
    bucket = Stack.of(role).resolve(data.export_value(data.bucket.bucket_arn))["Fn::ImportValue"]
    accept(
        files,
        "Every file below these folders of our own bucket: their names are random.",
        *(f"AwsSolutions-IAM5[Resource::{bucket}/{folder}/*]" for folder in rights.files),
    )


def _allow(actions: Sequence[str], *resources: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=list(actions), resources=list(resources))


def _mail(config: Config, stack: Stack) -> iam.PolicyStatement:
    """From one address; SES looks for the identity of the address or of its domain."""
    address = config.mail_from
    identities = [address, address.partition("@")[2]]
    return iam.PolicyStatement(
        actions=["ses:SendEmail", "ses:SendRawEmail"],
        resources=[
            stack.format_arn(service="ses", resource="identity", resource_name=identity)
            for identity in identities
        ],
        conditions={"StringEquals": {"ses:FromAddress": address}},
    )
