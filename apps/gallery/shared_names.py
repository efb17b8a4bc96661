"""Names that visitors of a share link see: a file's own name may tell when it was taken."""

import unicodedata
from pathlib import PurePosixPath

from gallery.models import Photo
from gallery.responses import to_safe_filename
from vision.images import FORMATS


def has_own_title(photo: Photo) -> bool:
    """Return whether the title is more than the file's name, with or without its extensions.

    Case, spaces and punctuation do not count.
    """
    path = PurePosixPath(photo.filename)
    names = {_keep_letters_and_digits(path.name), _keep_letters_and_digits(path.stem)}
    title = _keep_letters_and_digits(photo.title)
    return bool(title) and title not in names


def build_shared_title(photo: Photo, number: int) -> str:
    """Return the owner's title, or "Photo 3" for the third photo of a link."""
    return photo.title if has_own_title(photo) else f"Photo {number}"


def build_shared_filename(photo: Photo, number: int, picture_format: str) -> str:
    """Return the name under which a visitor saves the photo: "Our beach.jpg" or "photo-3.jpg"."""
    stem = photo.title if has_own_title(photo) else f"photo-{number}"
    return to_safe_filename(f"{stem}.{FORMATS[picture_format].extension}")


def _keep_letters_and_digits(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())
