"""Stand-ins on this machine for all services of AWS that Vanish uses.

`python -m tests.stand_ins.aws_like COMMAND...` runs a command with their environment.
"""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any

from tests.stand_ins import moto, postgres, radosgw

REGION = "us-east-1"
DATABASE_VARIABLE = "VANISH_TEST_POSTGRES"
VISIBILITY_SECONDS = "1200"
PREFIXES = ("AWS_", "CELERY_BROKER_URL", "DATABASE_URL", "DETECTOR", DATABASE_VARIABLE)
QUEUES = ("edits", "detection", "housekeeping")


@contextmanager
def start_servers() -> Iterator[dict[str, str]]:
    """Start the servers and yield the environment of one installation on them.

    Raises FileNotFoundError if one of the servers is not installed.
    """
    with ExitStack() as servers:
        s3 = servers.enter_context(radosgw.start_server())
        database = servers.enter_context(postgres.start_server(settings=("max_connections=300",)))
        aws = servers.enter_context(moto.start_server())
        environment = {
            "AWS_ACCESS_KEY_ID": radosgw.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": radosgw.SECRET_KEY,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_ENDPOINT_URL": aws,
            "AWS_ENDPOINT_URL_S3": s3,
            # Ceph 16 does not know the newer checksums of S3.
            "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
            "AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required",
            "CELERY_BROKER_URL": "sqs://",
            "DETECTOR": "rekognition",
            DATABASE_VARIABLE: database,
        }
        yield environment | create_installation(environment)


def create_installation(environment: dict[str, str]) -> dict[str, str]:
    """Create a database, a bucket and queues on these servers, and return their variables."""
    name = uuid.uuid4().hex[:12]
    return {
        "DATABASE_URL": postgres.create_database(environment[DATABASE_VARIABLE]),
        "AWS_STORAGE_BUCKET_NAME": _create_bucket(environment, name),
        **{
            f"VANISH_{queue.upper()}_QUEUE_URL": _create_queue(environment, f"{queue}-{name}")
            for queue in QUEUES
        },
    }


def is_running() -> bool:
    """Return whether this process was started with these servers."""
    return DATABASE_VARIABLE in os.environ


def read_environment() -> dict[str, str]:
    """Return this process's variables that concern these servers."""
    return {name: value for name, value in os.environ.items() if name.startswith(PREFIXES)}


def create_own_services() -> dict[str, str]:
    """Create services for another installation; return their variables, none if embedded."""
    return create_installation(read_environment()) if is_running() else {}


def create_client(service: str, environment: dict[str, str]) -> Any:
    """Return boto3's client for a service of these servers."""
    import boto3
    from botocore.config import Config

    suffix = "_S3" if service == "s3" else ""
    make: Any = boto3.client  # its overloads need a literal service name
    return make(
        service,
        endpoint_url=environment[f"AWS_ENDPOINT_URL{suffix}"],
        aws_access_key_id=radosgw.ACCESS_KEY,
        aws_secret_access_key=radosgw.SECRET_KEY,
        region_name=REGION,
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"})
        if service == "s3"
        else None,
    )


def _create_bucket(environment: dict[str, str], name: str) -> str:
    """Create a private bucket to which browsers of any site may send signed requests."""
    bucket = f"vanish-{name}"
    rule = {
        "AllowedOrigins": ["*"],
        "AllowedMethods": ["GET", "HEAD", "POST", "PUT"],
        "AllowedHeaders": ["*"],
    }
    with closing(create_client("s3", environment)) as s3:
        s3.create_bucket(Bucket=bucket)
        s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})
    return bucket


def _create_queue(environment: dict[str, str], name: str) -> str:
    with closing(create_client("sqs", environment)) as sqs:
        dead_letter_url = sqs.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
        attributes = sqs.get_queue_attributes(QueueUrl=dead_letter_url, AttributeNames=["QueueArn"])
        redrive = {
            "deadLetterTargetArn": attributes["Attributes"]["QueueArn"],
            "maxReceiveCount": 3,
        }
        queue = sqs.create_queue(
            QueueName=name,
            Attributes={
                "VisibilityTimeout": VISIBILITY_SECONDS,
                "RedrivePolicy": json.dumps(redrive),
            },
        )
    return str(queue["QueueUrl"])


def main(command: list[str]) -> int:
    """Run the command with new servers and return its exit status."""
    try:
        with start_servers() as environment:
            return subprocess.run(command, env=os.environ | environment, check=False).returncode
    except FileNotFoundError as error:
        print(f"Not run on real services: {error} is missing.")  # noqa: T201
        return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
