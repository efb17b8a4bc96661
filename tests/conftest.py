"""Fixtures that every test may use."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from config.services import LOCAL_STORAGE
from tests.child_results import (
    decode_in_this_process,
    measure_decoder,
    reuse_child_results,
)
from tests.servers import (  # noqa: F401  fixtures
    aws_like,
    chromium,
    installation,
    moto_server,
    postgres_url,
)
from tests.stand_ins import aws_like as aws_like_servers
from tests.storage import build_own_storage

if TYPE_CHECKING:
    from pytest_django import Settings

    from accounts.models import User

TEST_DATA = os.environ.get("VANISH_TEST_DATA", "")
VISION_TESTS = Path(__file__).parent / "vision"
INFRA_TESTS = Path(__file__).parent / "infra"
COSTLY_FIXTURES = {"converted_network", "installation"}
"""Each starts once a run: all tests that use it run in one process."""
SERVER_FIXTURES = {"aws_like", "installation", "moto_server", "postgres_url"}
SLOW_FIXTURES = COSTLY_FIXTURES | SERVER_FIXTURES | {"chromium", "photos"}
"""A test with one of these fixtures is `slow`: it starts processes or works on real photos."""


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder with `photos/` and `models/`. Without it, tests that need it are skipped."""
    folder = Path(TEST_DATA) if TEST_DATA else None
    if folder is None or not (folder / "photos").is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("VANISH_TEST_DATA must name the folder with photos/ and models/")
        pytest.skip("VANISH_TEST_DATA names no folder with photos/ and models/")
    return folder


@pytest.fixture(scope="session")
def photos(test_data: Path) -> Path:
    """The folder of real photos."""
    return test_data / "photos"


@pytest.fixture(autouse=True)
def _own_folders(settings: "Settings", tmp_path: Path) -> None:
    """Give every test its own folders for files, queue and models."""
    settings.QUEUE_DIR = tmp_path / "queue"
    settings.MODEL_DIR = tmp_path / "models"
    settings.MODEL_MIRROR = Path(TEST_DATA) / "models" if TEST_DATA else None
    settings.EXAMPLES_DIR = tmp_path / "examples"
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    # A safe password hash takes a third of a second.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Static files keep their plain names, because tests do not collect them.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {
        "default": build_own_storage(settings.STORAGES["default"], tmp_path / "media"),
        "staticfiles": plain,
    }


@pytest.fixture(autouse=True)
def _child_results(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do the work of `vision`'s child processes without them, where these are not the subject."""
    measure_decoder(monkeypatch)
    if request.node.get_closest_marker("decoder_child"):
        return
    if request.path.is_relative_to(VISION_TESTS):
        decode_in_this_process(monkeypatch)
    else:
        reuse_child_results(monkeypatch)


@pytest.fixture
def files_in_folder(settings: "Settings", tmp_path: Path) -> None:
    """Store files in a folder, also where the run uses a bucket: the server sends them itself."""
    place = build_own_storage(LOCAL_STORAGE, tmp_path / "media")
    settings.STORAGES = settings.STORAGES | {"default": place}


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Keep the database connection open after a request, because the test shares it."""
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections

    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def local_detector(settings: "Settings") -> None:
    """Select the local detector."""
    settings.DETECTOR = "local"


@pytest.fixture
def alice(db: None) -> "User":
    """The owner of albums and photos."""
    from tests import people

    return people.create_alice()


@pytest.fixture
def bob(db: None) -> "User":
    """A user with whom Alice may share."""
    from tests import people

    return people.create_bob()


@pytest.fixture
def charlie(db: None) -> "User":
    """A user without any right to what Alice or Bob owns."""
    from tests import people

    return people.create_charlie()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run all tests of a costly fixture in one process, and start them first.

    Started last, such a group would run alone at the end while the other process is idle. Tests
    that need a slow fixture are marked as slow. Behind services, tests that use none of them are
    left out: they do the same as in the embedded run.
    """
    if aws_like_servers.is_running():
        unconcerned = [item for item in items if not _concerns_services(item)]
        config.hook.pytest_deselected(items=unconcerned)
        items[:] = [item for item in items if _concerns_services(item)]
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        for name in COSTLY_FIXTURES & fixtures:
            item.add_marker(pytest.mark.xdist_group(name))
        if SLOW_FIXTURES & fixtures:
            item.add_marker(pytest.mark.slow)
    items.sort(key=_rank)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a file by its argument: its bytes may differ between the processes of one run."""
    return argname if isinstance(val, bytes) and len(val) > 20 else None


def _concerns_services(item: pytest.Item) -> bool:
    """Return whether a test uses a database or a server, or is about those in AWS."""
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(
        fixtures & (SERVER_FIXTURES | {"chromium", "db", "transactional_db"})
        or item.get_closest_marker("django_db")
        or item.get_closest_marker("real_services")
        or item.path.is_relative_to(INFRA_TESTS)
    )


def _rank(item: pytest.Item) -> int:
    if item.get_closest_marker("real_services"):
        return 0
    return 1 if item.get_closest_marker("xdist_group") else 2
