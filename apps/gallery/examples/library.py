"""The examples that are available now."""

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from gallery.examples import own_folder
from gallery.examples.fetching import get_library_path
from gallery.examples.previews import get_thumbnail
from gallery.examples.table import FETCHED, INSTALLED, KnownPicture
from web.errors import NotThere


@dataclass(frozen=True)
class Example:
    """A picture that users can copy into their photos. Sizes in pixels."""

    id: str
    title: str
    credit: str
    licence: str
    width: int
    height: int
    file: Path

    @property
    def credit_line(self) -> str:
        """Author and licence in one line, as the page of a photo shows them."""
        return ", ".join(part for part in (self.credit, self.licence) if part)


def list_examples() -> list[Example]:
    """Return the available examples: fetched, from scikit-image, and from the own folder."""
    return [*_find_known_examples(), *_find_own_examples()]


def get_example(example_id: str) -> Example:
    """Return the example with this id. Raises NotThere when there is none."""
    for example in list_examples():
        if example.id == example_id:
            return example
    raise NotThere("example")


def get_example_thumbnail(example: Example) -> bytes:
    """Return the example's thumbnail as WebP; its longer side has at most 480 px.

    It is made once and cached in the library's folder. Raises vision.errors.PictureRejected when
    the file can no longer be read.
    """
    return get_thumbnail(example.file)


def _find_known_examples() -> Iterator[Example]:
    for fetched_picture in FETCHED:
        if get_library_path(fetched_picture).is_file():
            yield _build_example(fetched_picture, get_library_path(fetched_picture))
    folder = _find_scikit_image_data()
    for installed_picture in INSTALLED:
        if folder is not None and (folder / installed_picture.file).is_file():
            yield _build_example(installed_picture, folder / installed_picture.file)


def _build_example(picture: KnownPicture, file: Path) -> Example:
    return Example(
        id=picture.id,
        title=picture.title,
        credit=picture.credit,
        licence=picture.licence,
        width=picture.width,
        height=picture.height,
        file=file,
    )


def _find_scikit_image_data() -> Path | None:
    """Return scikit-image's data folder, without the import of scikit-image (about a second)."""
    spec = importlib.util.find_spec("skimage")
    return Path(spec.origin).parent / "data" if spec and spec.origin else None


def _find_own_examples() -> Iterator[Example]:
    if settings.EXAMPLES_EXTRA is None:
        return
    for picture in own_folder.find_pictures(Path(settings.EXAMPLES_EXTRA)):
        yield Example(
            id=picture.id,
            title=picture.title,
            credit=picture.credit,
            licence="",
            width=picture.width,
            height=picture.height,
            file=picture.file,
        )
