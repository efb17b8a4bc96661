"""Real servers and programs that some tests need."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.installation import Installation
from tests.needs import skip_without
from tests.stand_ins import aws_like as aws_like_servers
from tests.stand_ins import moto, postgres

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium or Chrome."""
    paths = [path for name in BROWSERS if (path := shutil.which(name))]
    return paths[0] if paths else skip_without("Chromium")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of an empty database in a PostgreSQL server that only this test run uses."""
    with ExitStack() as server:
        try:
            url = server.enter_context(postgres.start_server())
        except FileNotFoundError as absent:
            skip_without(str(absent))
        yield url


@pytest.fixture(scope="session")
def moto_server() -> Iterator[str]:
    """The address of moto, a server that stands in for AWS."""
    with moto.start_server() as address:
        yield address


@pytest.fixture(scope="session")
def aws_like() -> Iterator[dict[str, str]]:
    """The environment variables of an installation on PostgreSQL, S3, SQS and Rekognition."""
    if aws_like_servers.is_running():
        yield aws_like_servers.read_environment() | aws_like_servers.create_own_services()
        return
    with ExitStack() as servers:
        try:
            environment = servers.enter_context(aws_like_servers.start_servers())
        except FileNotFoundError as absent:
            skip_without(str(absent))
        yield environment


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The whole platform as `make run` starts it: web, workers, demo account, examples."""
    with Installation(tmp_path_factory.mktemp("installation"), DETECTOR="local") as running:
        yield running
