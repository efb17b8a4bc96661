"""Services that copy examples into photos."""

import logging
from pathlib import Path

from django.conf import settings

from accounts.models import User
from gallery.examples import Example, get_example, list_examples
from gallery.models import Album, Photo, Role
from gallery.services.albums import album_create
from gallery.services.photos import photo_upload
from vision.errors import PictureRejected

logger = logging.getLogger(__name__)

EXAMPLES_ALBUM = "Examples"


def example_copy(
    *, user: User, example_id: str, album: Album | None = None, title: str = ""
) -> Photo:
    """Copy an example with its credit into the user's photos; `title` replaces its own title.

    Raises NotThere for an unknown example, NotAllowed or NotThere for an album that `user` may
    not edit.
    """
    return _upload(user, get_example(example_id), album, title)


def demo_examples_load(*, user: User) -> int:
    """Copy each example into the demo account's album once; deleted ones are not copied again.

    Returns the number of new examples. An example that cannot be read is skipped and logged.
    """
    loaded_ids = _LoadedIds(user)
    new = [example for example in list_examples() if example.id not in loaded_ids]
    if not new:
        return 0
    album = _get_examples_album(user)
    present = set(album.photos.values_list("filename", flat=True))
    for example in new:
        if example.file.name not in present:
            _try_upload(user, example, album)
        loaded_ids.add(example.id)
    return len(new)


def _try_upload(user: User, example: Example, album: Album) -> None:
    try:
        _upload(user, example, album)
    except PictureRejected as error:
        logger.warning("The example %r is left out: %s", example.title, error)


class _LoadedIds:
    """Ids of the examples that were loaded before: a file in the library's folder, one a line."""

    def __init__(self, user: User) -> None:
        self._file = Path(settings.EXAMPLES_DIR) / f"loaded-{user.pk}.txt"
        self._ids = set(self._file.read_text().split()) if self._file.is_file() else set()

    def __contains__(self, example_id: str) -> bool:
        return example_id in self._ids

    def add(self, example_id: str) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a") as lines:
            lines.write(f"{example_id}\n")


def _get_examples_album(user: User) -> Album:
    albums = Album.objects.filter(memberships__user=user, memberships__role=Role.OWNER)
    album = albums.filter(name=EXAMPLES_ALBUM).first()
    return album or album_create(user=user, name=EXAMPLES_ALBUM)


def _upload(user: User, example: Example, album: Album | None, title: str = "") -> Photo:
    return photo_upload(
        user=user,
        data=example.file.read_bytes(),
        filename=example.file.name,
        album=album,
        title=title or example.title,
        credit=example.credit_line,
    )
