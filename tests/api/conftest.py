"""Who calls the API in the tests, and the photo that it is about."""

import pytest

from accounts.models import User
from gallery.models import Photo, Role
from tests import rows
from tests.api.caller import Caller, session


@pytest.fixture
def owner(alice: User) -> Caller:
    """Alice in a session."""
    return session(alice)


@pytest.fixture
def stranger(charlie: User) -> Caller:
    """Charlie in a session."""
    return session(charlie)


@pytest.fixture
def photo(alice: User) -> Photo:
    """Alice's photo of 96x64 pixels."""
    return rows.upload(alice)


@pytest.fixture
def viewer(bob: User, photo: Photo) -> Caller:
    """Bob, who may look at Alice's photo."""
    rows.share(photo.album, bob, Role.VIEWER)
    return session(bob)


@pytest.fixture
def edited(photo: Photo, alice: User) -> Photo:
    """The photo with one edit done."""
    rows.create_box_edit(photo, alice)
    rows.run_all_edits()
    photo.refresh_from_db()
    return photo
