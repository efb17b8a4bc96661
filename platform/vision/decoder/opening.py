"""Opening of a file's header, and checks of its size before any pixel is decoded."""

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import (
    AvifImagePlugin,
    Image,
    JpegImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
)

from vision.decoder import rejection, signature
from vision.decoder.jpeg import count_scans
from vision.decoder.jpeg_repair import has_all_jpeg_pixels, repair_jpeg
from vision.decoder.limits import Limits
from vision.decoder.png import has_all_png_pixels, repair_png
from vision.decoder.repair import Repair, describe_skipped_parts
from vision.decoder.webp import repair_webp
from vision.errors import PictureRejected

_SUBFILE_TAG = 254
# The warnings with which Pillow passes over a tag of a TIFF.
_DAMAGED_TAG = re.compile("skipping tag|tag offset|truncated", re.IGNORECASE)
_REPAIRS = {"JPEG": repair_jpeg, "PNG": repair_png, "WEBP": repair_webp}
_PIXEL_PROOFS = {"JPEG": has_all_jpeg_pixels, "PNG": has_all_png_pixels}


def open_header(data: bytes, limits: Limits) -> tuple[Image.Image, str, Repair]:
    """Return (the image, not yet decoded; the name of its format; the file as it was opened).

    Raises PictureRejected.
    """
    name = signature.find_format(data)
    if name is None:
        raise rejection.build_unopened_error(signature.find_other_format(data))
    if name == "JPEG":
        scans = count_scans(data, limits.max_scans)
        if scans > limits.max_scans:
            raise rejection.build_too_many_scans_error(scans, limits.max_scans)
    with translate_errors(data, name, limits):
        file = _REPAIRS[name](data) if name in _REPAIRS else Repair(data)
        with warnings.catch_warnings(record=True) as messages:
            image = _open(file.data, name, limits)
        if name == "TIFF" and any(_DAMAGED_TAG.search(str(each.message)) for each in messages):
            file.notes += describe_skipped_parts(["tags"])
        if isinstance(image, TiffImagePlugin.TiffImageFile):
            _reject_raw(image, data)
    width, height = image.size
    if max(width, height) > limits.max_side or width * height > limits.max_pixels:
        raise rejection.build_too_many_pixels_error(
            f"The picture is {width} x {height} pixels",
            limits.max_pixels,
            limits.max_side,
            image.size,
        )
    if file.must_prove_pixels and not _PIXEL_PROOFS[name](file.data):
        is_truncated = signature.is_truncated(data, name)
        raise (rejection.build_truncated_error if is_truncated else rejection.build_corrupt_error)()
    return image, name, file


def _reject_raw(image: TiffImagePlugin.TiffImageFile, data: bytes) -> None:
    if signature.is_raw_tiff(data, set(image.tag_v2), int(image.tag_v2.get(_SUBFILE_TAG, 0))):
        raise rejection.build_unopened_error("Camera raw")


def _open(data: bytes, name: str, limits: Limits) -> Image.Image:
    warnings.simplefilter("always")  # the caller records them
    # Some readers allocate the whole picture on opening; Pillow refuses more than twice this value.
    Image.MAX_IMAGE_PIXELS = limits.max_pixels // 2
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # each thread would count against the memory limit
    source = io.BytesIO(data)
    if name == "JPEG":
        # Not Image.open: it also parses the list of further pictures, and fails if that is damaged.
        return JpegImagePlugin.JpegImageFile(source)
    if name == "HEIF":
        import pi_heif

        pi_heif.register_heif_opener()
    return Image.open(source, formats=[name])


@contextmanager
def translate_errors(data: bytes, name: str, limits: Limits) -> Iterator[None]:
    """Turn any exception that a reader raises on a bad file into a PictureRejected."""
    try:
        yield
    except PictureRejected:
        raise
    except MemoryError:
        raise rejection.build_memory_error() from None
    except Image.DecompressionBombError:
        raise rejection.build_too_many_pixels_error(
            "The picture has too many pixels", limits.max_pixels, limits.max_side
        ) from None
    except rejection.BAD_FILE as error:
        raise _build_rejection(error, data, name) from error


def _build_rejection(error: Exception, data: bytes, name: str) -> PictureRejected:
    text = str(error).lower()
    if "memory" in text:
        return rejection.build_memory_error()
    if "truncated" in text or signature.is_truncated(data, name):
        return rejection.build_truncated_error()
    if isinstance(error, UnidentifiedImageError) and name in ("TIFF", "BMP"):
        return rejection.build_unsupported_error(f"This kind of {name} can't be opened")
    return rejection.build_corrupt_error()
