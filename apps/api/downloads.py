"""The options of a download: format, size and quality."""

from dataclasses import dataclass

from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter

from api.lists.refusals import (
    build_parameter_problem,
    build_unknown_parameters_problem,
)
from gallery.models import Photo, Revision
from gallery.renditions import choose_writable_format
from vision.images import FORMATS
from web.errors import Fault, Problem

ORIGINAL = "original"
DOWNLOADS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "tiff": "TIFF"}
FORMAT_CHOICES = (ORIGINAL, *DOWNLOADS)
MAX_SIDE = 100_000
STATES_EDIT = "digital_source_type"
BOOLEANS = {"true": True, "false": False}

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
        "and its colour profile, but none of the metadata.",
    ),
    OpenApiParameter(
        STATES_EDIT,
        {"type": "boolean", "default": False},
        description="`true`: the XMP of an edited picture says that it was edited: its history "
        "names Vanish, and its IPTC Digital Source Type is `compositeWithTrainedAlgorithmicMedia`, "
        "or `humanEdits` where only PatchMatch was used.",
    ),
]


@dataclass(frozen=True)
class PictureOptions:
    """The options; `format` is a key of vision.images.FORMATS, None means unchanged."""

    format: str
    is_original: bool
    quality: int | None = None
    size: int | None = None
    states_edit: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether the options are those of the stored picture."""
        return self.quality is None and self.size is None and not self.states_edit


def read_picture_options(query: QueryDict, revision: Revision) -> PictureOptions:
    """Read the options from the query. Raises Problem (400) for one that is not valid."""
    photo = revision.photo
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
    states_edit = _read_boolean(query, STATES_EDIT)
    if states_edit and not FORMATS[name].holds_metadata:
        detail = f"{FORMATS[name].title} has no place for it: choose another format."
        raise build_parameter_problem(STATES_EDIT, "true", detail)
    states_edit = states_edit and revision.number > 0
    return PictureOptions(name, choice == ORIGINAL, quality, size, states_edit)


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


def _read_boolean(query: QueryDict, name: str) -> bool:
    text = query.get(name, "false")
    if text not in BOOLEANS:
        raise build_parameter_problem(name, text, "Must be true or false.", list(BOOLEANS))
    return BOOLEANS[text]


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
