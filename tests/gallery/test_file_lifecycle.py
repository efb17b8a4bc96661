"""Files and rows are saved and deleted together, also after a late failure."""

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError

from accounts.models import User
from gallery.file_lifecycle import save_files_with_rows
from gallery.files import original_key
from gallery.models import Photo
from tests import rows

pytestmark = pytest.mark.django_db


def save_and_fail(names: list[str], error: BaseException, *, photo: Photo | None = None) -> None:
    """Save a file, name it in the row of `photo` if given, and raise `error`."""
    with save_files_with_rows() as files:
        names.append(files.save(original_key(None, "x.png"), b"a picture"))
        if photo is not None:
            Photo.objects.filter(pk=photo.pk).update(original=names[0])
        raise error


def test_after_a_failure_a_file_without_a_row_is_deleted() -> None:
    names: list[str] = []
    with pytest.raises(ValueError, match="half"):
        save_and_fail(names, ValueError("half"))
    assert not default_storage.exists(names[0])


def test_a_file_is_kept_when_its_row_was_saved_before_the_failure(alice: User) -> None:
    """The response to a commit can get lost: then the row exists although the driver fails."""
    names: list[str] = []
    photo = rows.upload(alice)
    with pytest.raises(OperationalError):
        save_and_fail(names, OperationalError("the connection was lost"), photo=photo)
    assert default_storage.exists(names[0])


def test_an_exit_of_the_process_leaves_the_file_to_the_sweep() -> None:
    names: list[str] = []
    with pytest.raises(SystemExit):
        save_and_fail(names, SystemExit(1))
    assert default_storage.exists(names[0])
