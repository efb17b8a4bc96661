"""The canvas of an opened image: mode L, LA, RGB or RGBA with 8 or 16 bits, upright."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from PIL import Image, ImageCms

from vision.decoder import rejection
from vision.decoder.profiles import check_profile

_OPAQUE_MODES = {"1": "L", "La": "LA", "RGBa": "RGBA", "PA": "RGBA", "RGBX": "RGB", "YCbCr": "RGB"}
_WITH_ALPHA = {"1": "LA", "L": "LA", "RGB": "RGBA", "P": "RGBA"}
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
QUARTER_TURNS = (5, 6, 7, 8)
_STRIP_BYTES = 4 * 2**20


class Rows(Protocol):
    """Pixels that are read in strips, so that no second copy of all of them is made."""

    shape: tuple[int, int, int]
    dtype: str

    def read_strip(self, top: int, bottom: int) -> bytes:
        """Return the rows from `top` to before `bottom`, little-endian, channels interleaved."""


def iterate_strips(rows: Rows) -> Iterator[bytes]:
    """Yield all rows from the top in strips of a few megabytes."""
    height, width, channels = rows.shape
    step = max(_STRIP_BYTES // (width * channels), 1)
    for top in range(0, height, step):
        yield rows.read_strip(top, min(top + step, height))


class ImageRows:
    """The rows of a Pillow image in mode L, LA, RGB or RGBA."""

    dtype = "|u1"

    def __init__(self, image: Image.Image) -> None:
        self._image = image
        self.shape = (image.height, image.width, len(image.getbands()))

    def read_strip(self, top: int, bottom: int) -> bytes:
        """Return rows as `Rows.read_strip` does."""
        return self._image.crop((0, top, self._image.width, bottom)).tobytes()


@dataclass
class Canvas:
    """Decoded rows, their mode and profile, and notes on what was changed."""

    rows: Rows
    mode: str
    icc_profile: bytes | None
    notes: list[str]


def to_canvas(image: Image.Image, profile: bytes | None, orientation: int) -> Canvas:
    """Convert a decoded Pillow image of 8 bits a channel; keep the ICC profile if it fits.

    `orientation`: as in EXIF. Raises PictureRejected.
    """
    notes: list[str] = []
    if image.mode in ("CMYK", "LAB"):
        image, note = _to_srgb(image, profile)
        profile = None
        notes.append(note)
    image = _to_canvas_mode(image)
    if orientation in _TURNS:
        image = image.transpose(_TURNS[orientation])
    fitting_profile, profile_notes = check_profile(profile, image.mode)
    return Canvas(ImageRows(image), image.mode, fitting_profile, notes + profile_notes)


def _to_srgb(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, str]:
    name = "CMYK" if image.mode == "CMYK" else "Lab"
    srgb = ImageCms.createProfile("sRGB")
    source: Any = ImageCms.createProfile("LAB") if name == "Lab" else None
    if profile and name == "CMYK":
        source = io.BytesIO(profile)
    if source is not None:
        try:
            converted = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted, f"{name} converted to sRGB"
    return image.convert("RGB"), f"{name} without a usable colour profile converted to RGB"


def _to_canvas_mode(image: Image.Image) -> Image.Image:
    if "transparency" in image.info and image.mode in _WITH_ALPHA:
        return image.convert(_WITH_ALPHA[image.mode])
    if image.mode == "P":
        return image.convert("RGB")
    if image.mode in _OPAQUE_MODES:
        return image.convert(_OPAQUE_MODES[image.mode])
    if image.mode not in ("L", "LA", "RGB", "RGBA"):
        raise rejection.build_unsupported_error(
            f"Pictures with pixels of kind {image.mode} can't be opened"
        )
    return image
