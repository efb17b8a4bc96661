"""Encoding of a canvas as a file, as close to the original as its format allows."""

import io
import struct
from dataclasses import replace
from typing import Any

import numpy as np
from PIL import Image, PngImagePlugin

from vision.errors import VisionError
from vision.images.deep_png import encode_deep_png
from vision.images.depth import flatten_on_white, to_8_bits
from vision.images.formats import FORMATS
from vision.images.grey import can_store_grey, convert_to_colour
from vision.images.picture import Picture
from vision.images.png_chunks import build_metadata_chunks
from vision.images.tiff import encode_tiff
from vision.metadata.exif import remove_orientation

_DEFAULT_QUALITY = 95
_AVIF_QUALITY = 90
_FULL_CHROMA_QUALITY = 90
_WEBP_MAX_SIDE = 16_383
_APP13 = 0xFFED
_JPEG_COMMENT = "Comment"
_PHOTOSHOP_IPTC = b"Photoshop 3.0\x008BIM\x04\x04\0\0"


def choose_output_format(picture: Picture) -> str:
    """Return the format that `encode` writes by default: the original's, or PNG instead."""
    return picture.format if FORMATS[picture.format].writable else "PNG"


def encode(picture: Picture, format: str | None = None, *, quality: int | None = None) -> bytes:  # noqa: A002
    """Encode the picture in `format` (a key of `FORMATS`), by default `choose_output_format`'s.

    - JPEG: with the original's quantisation tables, subsampling and progression if it was a JPEG,
      so that unchanged blocks stay almost the same; transparency flattened on white.
    - PNG and TIFF: lossless, 16 bits stay (grey of 16 bits with alpha becomes RGBA).
    - BMP: lossless, but transparency flattened on white.
    - WebP: lossless if the original was, else quality 95. AVIF: quality 90.

    Formats other than PNG and TIFF get the nearest 8 bits.

    `quality` (1..100) overrides the defaults for JPEG, WebP and AVIF. Profile, EXIF and XMP are
    kept, except in BMP; IPTC in JPEG and TIFF; texts in PNG, and the comment in JPEG; density in
    JPEG, PNG, TIFF and BMP. Where greys are written as colours (WebP; AVIF with alpha) a grey
    profile becomes an RGB profile of the same appearance.

    Raises VisionError: unsupported_format, format_cannot_hold.
    """
    name = format or choose_output_format(picture)
    if name not in FORMATS or not FORMATS[name].writable:
        known = ", ".join(key for key, form in FORMATS.items() if form.writable)
        raise VisionError(
            f"Pictures can't be written as {name}. Choose one of {known}.",
            code="unsupported_format",
        )
    if picture.mode in ("L", "LA") and not can_store_grey(picture, name):
        picture = convert_to_colour(picture)
    if name == "TIFF":
        return encode_tiff(picture)
    if picture.pixels.dtype == np.uint16:
        if name == "PNG":
            return encode_deep_png(picture)
        picture = picture.with_pixels(to_8_bits(picture.pixels))
    if name in ("JPEG", "BMP"):
        picture = _flatten(picture)
    target = io.BytesIO()
    image = Image.fromarray(picture.pixels[:, :, 0] if picture.mode == "L" else picture.pixels)
    image.save(target, name, **_choose_options(picture, name, quality))
    return target.getvalue()


def _flatten(picture: Picture) -> Picture:
    if picture.mode not in ("LA", "RGBA"):
        return picture
    pixels = flatten_on_white(picture.pixels)
    return replace(picture, pixels=pixels, mode=picture.mode.removesuffix("A"))


def _choose_options(picture: Picture, name: str, quality: int | None) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if picture.density and name in ("JPEG", "PNG", "BMP"):
        options["dpi"] = picture.density
    if name != "BMP":
        options |= {"icc_profile": picture.icc_profile, "exif": picture.exif or b""}
    if name in ("JPEG", "WEBP", "AVIF"):
        options["xmp"] = picture.xmp or b""
    if name == "PNG":
        options["pnginfo"] = _build_png_info(picture)
    if name == "JPEG":
        return options | _build_jpeg_blocks(picture) | _choose_jpeg_options(picture, quality)
    if name == "AVIF":
        # Pillow writes EXIF with an orientation anew, and spoils its texts.
        options["exif"] = remove_orientation(picture.exif) if picture.exif else b""
        subsampling = "4:0:0" if picture.mode == "L" else "4:4:4"
        return options | {"quality": quality or _AVIF_QUALITY, "subsampling": subsampling}
    if name == "WEBP":
        _check_webp_size(picture)
        if picture.lossless and quality is None:
            return options | {"lossless": True, "exact": True}
        return options | {"quality": quality or _DEFAULT_QUALITY}
    return options


def _build_png_info(picture: Picture) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    for name, data in build_metadata_chunks(picture):
        info.add(name, data)
    return info


def _build_jpeg_blocks(picture: Picture) -> dict[str, bytes]:
    """Return Pillow's options for the comment, and for IPTC as one of Photoshop's resources."""
    blocks = {}
    if comment := dict(picture.texts).get(_JPEG_COMMENT):
        blocks["comment"] = comment.encode()
    if iptc := picture.iptc:
        resource = _PHOTOSHOP_IPTC + struct.pack(">I", len(iptc)) + iptc + b"\0" * (len(iptc) % 2)
        blocks["extra"] = struct.pack(">HH", _APP13, len(resource) + 2) + resource
    return blocks


def _choose_jpeg_options(picture: Picture, quality: int | None) -> dict[str, Any]:
    jpeg = picture.jpeg
    if jpeg is None or quality is not None:
        quality = quality or _DEFAULT_QUALITY
        has_full_chroma = quality >= _FULL_CHROMA_QUALITY
        return {"quality": quality, "subsampling": "4:4:4" if has_full_chroma else "4:2:0"}
    options: dict[str, Any] = {"qtables": jpeg.tables, "progressive": jpeg.progressive}
    if picture.mode == "RGB":
        options["subsampling"] = jpeg.subsampling
    return options


def _check_webp_size(picture: Picture) -> None:
    if max(picture.width, picture.height) > _WEBP_MAX_SIDE:
        raise VisionError(
            f"WebP holds at most {_WEBP_MAX_SIDE} pixels a side. Choose another format.",
            code="format_cannot_hold",
        )
