"""The options of a download: format, size and quality."""

from dataclasses import dataclass

from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter

from api.lists.refusals import (
    build_parameter_problem,
    build_unknown_parameters_problem,
)
from gallery.models import Photo
from gallery.renditions import choose_writable_format
from vision.images import FORMATS
from web.errors import Fault, Problem

ORIGINAL = "original"
DOWNLOADS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "tiff": "TIFF"}
FORMAT_CHOICES = (ORIGINAL, *DOWNLOADS)
MAX_SIDE = 100_000

PARAMETERS = [
    OpenApiParameter(
        "format",
        enum=FORMAT_CHOICES,
        default=ORIGINAL,
        description="`original` is the upload's format; PNG where we can't write that.",
    ),
    OpenApiParameter(
        "quality",
        {"type": "integer", "minimum": 1, "maximum": 100},
        description="1 to 100, of JPEG, WebP and AVIF. Without it, as the original was.",
    ),
    OpenApiParameter(
        "size",
        {"type": "integer", "minimum": 1, "maximum": MAX_SIDE},
        description="The longest side in pixels; never enlarges. What is made smaller has 8 bits "
        "and its colour profile, but not what the camera wrote.",
    ),
]


@dataclass(frozen=True)
class PictureOptions:
    """The options; `format` is a key of vision.images.FORMATS, None means unchanged."""

    format: str
    is_original: bool
    quality: int | None = None
    size: int | None = None

    @property
    def is_plain(self) -> bool:
        """Whether neither quality nor size is set."""
        return self.quality is None and self.size is None


def read_picture_options(query: QueryDict, photo: Photo) -> PictureOptions:
    """Read the options from the query. Raises Problem (400) for one that is not valid."""
    known = [parameter.name for parameter in PARAMETERS]
    if unknown := set(query) - set(known):
        raise build_unknown_parameters_problem(unknown, known)
    choice = _check_format(query.get("format", ORIGINAL))
    name = choose_format(choice, photo)
    quality = _read_number(query, "quality", 100)
    if quality is not None and FORMATS[name].lossless:
        detail = f"{FORMATS[name].title} loses nothing: leave it out."
        raise build_parameter_problem("quality", str(quality), detail)
    size = _read_number(query, "size", MAX_SIDE)
    if size is not None and size >= max(photo.width, photo.height):
        size = None
    return PictureOptions(name, choice == ORIGINAL, quality, size)


def _check_format(choice: str) -> str:
    """Return `choice` if it is one of FORMAT_CHOICES. Raises Problem: unknown_format."""
    if choice not in FORMAT_CHOICES:
        message = f"Choose a format out of {', '.join(FORMAT_CHOICES)}."
        fault = Fault(
            message, ("format",), "query", expected=list(FORMAT_CHOICES), received=choice[:100]
        )
        raise Problem(message, code="unknown_format", faults=[fault])
    return choice


def choose_format(choice: str, photo: Photo) -> str:
    """Return the key of vision.images.FORMATS for one of FORMAT_CHOICES."""
    return choose_writable_format(photo) if choice == ORIGINAL else DOWNLOADS[choice]


def _read_number(query: QueryDict, name: str, highest: int) -> int | None:
    text = query.get(name)
    if text is None:
        return None
    is_number = text.isascii() and text.isdigit() and len(text) <= 9
    if not is_number or not 1 <= int(text) <= highest:
        detail = f"Must be a whole number from 1 to {highest}."
        raise build_parameter_problem(
            name, text, detail, {"type": "integer", "minimum": 1, "maximum": highest}
        )
    return int(text)
