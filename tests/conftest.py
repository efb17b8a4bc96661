"""Fixtures that every test may use."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from config.services import LOCAL_STORAGE
from tests.child_results import reuse_child_results
from tests.servers import (  # noqa: F401  fixtures
    aws_like,
    chromium,
    installation,
    moto_server,
    postgres_url,
)
from tests.storage import build_own_storage

if TYPE_CHECKING:
    from pytest_django import Settings

    from accounts.models import User

TEST_DATA = os.environ.get("VANISH_TEST_DATA", "")
VISION_TESTS = Path(__file__).parent / "vision"


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder with `photos/` and `models/`; its tests are skipped by name where it is absent."""
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
    """Every test writes into its own folders, and none rings a real bell unless it asks to."""
    settings.QUEUE_DIR = tmp_path / "queue"
    settings.MODEL_DIR = tmp_path / "models"
    settings.MODEL_MIRROR = Path(TEST_DATA) / "models" if TEST_DATA else None
    settings.EXAMPLES_DIR = tmp_path / "examples"
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    # Hashing passwords well takes a third of a second each.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Pages are tested without collecting static files, so under their plain names.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {
        "default": build_own_storage(settings.STORAGES["default"], tmp_path / "media"),
        "staticfiles": plain,
    }


@pytest.fixture(autouse=True)
def _child_results(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start each child process of `vision` once for the same input, but for its own tests."""
    if not request.path.is_relative_to(VISION_TESTS):
        reuse_child_results(monkeypatch)


@pytest.fixture
def kept_in_a_folder(settings: "Settings", tmp_path: Path) -> None:
    """For tests of how the server itself hands files over."""
    place = build_own_storage(LOCAL_STORAGE, tmp_path / "media")
    settings.STORAGES = settings.STORAGES | {"default": place}


@pytest.fixture
def one_connection() -> Iterator[None]:
    """For the whole site in this process: what a server closes after a request is the test's."""
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
    """For tests of what the local detector does."""
    settings.DETECTOR = "local"


@pytest.fixture
def alice(db: None) -> "User":
    """Who owns things."""
    from tests import people

    return people.create_alice()


@pytest.fixture
def bob(db: None) -> "User":
    """Whom Alice may share with."""
    from tests import people

    return people.create_bob()


@pytest.fixture
def charlie(db: None) -> "User":
    """A stranger to both."""
    from tests import people

    return people.create_charlie()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one process run all tests of the shared installation, and start them first.

    A group runs in one process; the others do not wait for it at the end.
    """
    for item in items:
        if "installation" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("installation"))
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    if item.get_closest_marker("real_services"):
        return 0
    return 1 if item.get_closest_marker("xdist_group") else 2
