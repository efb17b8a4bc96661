"""A bucket on a real S3 server, and what boto3 must know to speak to it."""

import os
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.real_services.buckets import use_bucket

if TYPE_CHECKING:
    from pytest_django import Settings

    from gallery.storage.bucket import BucketFiles


@pytest.fixture
def aws(aws_like: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The services' environment; this process has their addresses and credentials and no others."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in aws_like.items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)
    return aws_like


@pytest.fixture
def bucket(aws: dict[str, str], settings: "Settings", db: None) -> "BucketFiles":
    """Where this test's files are: a bucket on an S3 server that checks signatures."""
    return use_bucket(aws["AWS_ENDPOINT_URL_S3"], aws, settings)


@pytest.fixture
def dead_port() -> Iterator[int]:
    """A port where nobody answers, and that nobody takes meanwhile."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


@pytest.fixture
def unreachable(
    aws: dict[str, str], settings: "Settings", dead_port: int, db: None
) -> "BucketFiles":
    """A bucket at an address where nobody answers."""
    return use_bucket(f"http://127.0.0.1:{dead_port}", aws, settings)
