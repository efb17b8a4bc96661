"""Fixtures of tests with real servers: their environment and a bucket."""

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
    """The environment of the servers; this process has their AWS variables and no others."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in aws_like.items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)
    return aws_like


@pytest.fixture
def bucket(aws: dict[str, str], settings: "Settings", db: None) -> "BucketFiles":
    """The storage of this test: a bucket on an S3 server that checks signatures."""
    return use_bucket(aws["AWS_ENDPOINT_URL_S3"], aws, settings)


@pytest.fixture
def dead_port() -> Iterator[int]:
    """A port on which no server listens, reserved during the test."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


@pytest.fixture
def unreachable_bucket(
    aws: dict[str, str], settings: "Settings", dead_port: int, db: None
) -> "BucketFiles":
    """A bucket at a URL where no server listens."""
    return use_bucket(f"http://127.0.0.1:{dead_port}", aws, settings)
