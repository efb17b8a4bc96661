"""Callers of the API and the photo that most tests use."""

from functools import partial
from typing import TYPE_CHECKING

import pytest

from accounts.models import User
from gallery.models import Photo, Role
from tests import rows
from tests.api.caller import Caller, sign_in
from tests.api.vanish_calls import CommitBlock

if TYPE_CHECKING:
    from pytest_django import DjangoCaptureOnCommitCallbacks


@pytest.fixture
def owner(alice: User) -> Caller:
    """Alice, signed in by a session."""
    return sign_in(alice)


@pytest.fixture
def stranger(charlie: User) -> Caller:
    """Charlie, signed in by a session."""
    return sign_in(charlie)


@pytest.fixture
def photo(alice: User) -> Photo:
    """Alice's photo of 96x64 pixels."""
    return rows.upload(alice)


@pytest.fixture
def viewer(bob: User, photo: Photo) -> Caller:
    """Bob, who may view Alice's photo."""
    rows.share(photo.album, bob, Role.VIEWER)
    return sign_in(bob)


@pytest.fixture
def edited_photo(photo: Photo, alice: User) -> Photo:
    """The photo after one finished edit."""
    rows.create_box_edit(photo, alice)
    rows.run_all_edits()
    photo.refresh_from_db()
    return photo


@pytest.fixture
def run_on_commit(
    django_capture_on_commit_callbacks: "DjangoCaptureOnCommitCallbacks",
) -> CommitBlock:
    """A context manager that runs the on-commit callbacks at its end, which delete files."""
    return partial(django_capture_on_commit_callbacks, execute=True)
