"""What the library holds now."""

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from gallery.examples import own_folder
from gallery.examples.fetching import kept_file
from gallery.examples.previews import cached_thumbnail
from gallery.examples.table import FETCHED, INSTALLED, KnownPicture
from web.errors import NotThere


@dataclass(frozen=True)
class Example:
    """A picture that can be copied into one's photos. Sizes in pixels."""

    id: str
    title: str
    credit: str
    licence: str
    width: int
    height: int
    file: Path

    @property
    def credit_line(self) -> str:
        """Author and licence as a photo shows them."""
        return ", ".join(part for part in (self.credit, self.licence) if part)


def examples() -> list[Example]:
    """The pictures that are there: fetched, installed with scikit-image, from the own folder."""
    return [*_known_examples(), *_own_examples()]


def example_for(example_id: str) -> Example:
    """The example of that id. Raises NotThere."""
    for example in examples():
        if example.id == example_id:
            return example
    raise NotThere("example")


def example_thumbnail(example: Example) -> bytes:
    """A WebP whose longer side has at most 480 px; made once, then kept in the library's folder.

    Raises vision.errors.PictureRejected for a file that has become unreadable.
    """
    return cached_thumbnail(example.file)


def _known_examples() -> Iterator[Example]:
    for fetched in FETCHED:
        if kept_file(fetched).is_file():
            yield _example(fetched, kept_file(fetched))
    folder = _scikit_image_data()
    for installed in INSTALLED:
        if folder is not None and (folder / installed.file).is_file():
            yield _example(installed, folder / installed.file)


def _example(picture: KnownPicture, file: Path) -> Example:
    return Example(
        id=picture.id,
        title=picture.title,
        credit=picture.credit,
        licence=picture.licence,
        width=picture.width,
        height=picture.height,
        file=file,
    )


def _scikit_image_data() -> Path | None:
    """Found without importing scikit-image, which takes a second."""
    spec = importlib.util.find_spec("skimage")
    return Path(spec.origin).parent / "data" if spec and spec.origin else None


def _own_examples() -> Iterator[Example]:
    if settings.EXAMPLES_EXTRA is None:
        return
    for picture in own_folder.pictures(Path(settings.EXAMPLES_EXTRA)):
        yield Example(
            id=picture.id,
            title=picture.title,
            credit=picture.credit,
            licence="",
            width=picture.width,
            height=picture.height,
            file=picture.file,
        )
