"""Files and rows come and go together, also where something fails at the last moment."""

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError

from accounts.models import User
from gallery.file_lifecycle import save_files_with_rows
from gallery.files import original_key
from gallery.models import Photo
from tests import rows

pytestmark = pytest.mark.django_db


def keep(names: list[str], fault: BaseException, *, photo: Photo | None = None) -> None:
    """Save a file, put it into the photo's row where there is one, then fail."""
    with save_files_with_rows() as keeper:
        names.append(keeper.save(original_key(None, "x.png"), b"a picture"))
        if photo is not None:
            Photo.objects.filter(pk=photo.pk).update(original=names[0])
        raise fault


def test_what_no_row_names_goes_with_the_failure() -> None:
    names: list[str] = []
    with pytest.raises(ValueError, match="half"):
        keep(names, ValueError("half"))
    assert not default_storage.exists(names[0])


def test_a_file_stays_when_the_failure_comes_after_its_row(alice: User) -> None:
    """As when the answer to a commit is lost: the row is there, whatever the driver says."""
    names: list[str] = []
    photo = rows.upload(alice)
    with pytest.raises(OperationalError):
        keep(names, OperationalError("the connection was lost"), photo=photo)
    assert default_storage.exists(names[0])


def test_whoever_is_ended_by_the_system_leaves_files_to_the_sweep() -> None:
    names: list[str] = []
    with pytest.raises(SystemExit):
        keep(names, SystemExit(1))
    assert default_storage.exists(names[0])
