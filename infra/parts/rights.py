"""The permissions of each process on AWS: exactly what its code needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from aws_cdk import Stack
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam

from infra.config import QUEUES, Config
from infra.parts.findings import accept

if TYPE_CHECKING:
    from infra.stacks.data import DataStack

READ = ("s3:GetObject",)
# A large file is sent in parts; if one fails, the upload is aborted.
WRITE = ("s3:PutObject", "s3:AbortMultipartUpload")
DELETE = ("s3:DeleteObject",)
SEE_PARTS = ("s3:ListMultipartUploadParts",)
RECEIVE = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility")
SEND = ("sqs:SendMessage", "sqs:GetQueueAttributes")


@dataclass(frozen=True)
class Rights:
    """The permissions of one process.

    Attributes:
        files: allowed actions by folder of the bucket.
        bucket: actions on the bucket itself. Without s3:ListBucket, S3 responds with 403 instead
            of 404 for a file that does not exist.
        receives: the queue that it receives messages from.
        detects: whether it may call Rekognition.
        mails: whether it may send mail.
        goes_out: whether it runs in a subnet that reaches the internet.
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
        # Includes what browsers may do with the addresses that the web server signs.
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
        # It sends webhooks, and mails their owners about failures.
        mails=True,
        goes_out=True,
    ),
}


def grant_rights(
    rights: Rights, definition: ecs.TaskDefinition, *, config: Config, data: "DataStack"
) -> None:
    """Grant these permissions to the containers of a task."""
    role = cast(iam.Role, definition.task_role)
    _grant_files(rights, role, data)
    queues = [data.queues[name].queue_arn for name in QUEUES]
    role.add_to_principal_policy(_allow(rights.bucket, data.bucket.bucket_arn))
    # The sweeper of every worker sends wake-up messages to all queues, and checks them first.
    role.add_to_principal_policy(_allow(SEND, *queues))
    if rights.receives:
        own = data.queues[rights.receives].queue_arn
        role.add_to_principal_policy(_allow(RECEIVE, own))
    if rights.detects:
        role.add_to_principal_policy(_allow(["rekognition:DetectLabels"], "*"))
        accept(role, "DetectLabels has no resource to name.", "AwsSolutions-IAM5[Resource::*]")
    if rights.mails:
        role.add_to_principal_policy(_allow_mail(config, Stack.of(definition)))


def _grant_files(rights: Rights, role: iam.Role, data: "DataStack") -> None:
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
        "Every file in these folders of our own bucket: their names are random.",
        *(f"AwsSolutions-IAM5[Resource::{bucket}/{folder}/*]" for folder in rights.files),
    )


def _allow(actions: Sequence[str], *resources: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=list(actions), resources=list(resources))


def _allow_mail(config: Config, stack: Stack) -> iam.PolicyStatement:
    """Allow mail from one address; SES checks the identity of the address or of its domain."""
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
