"""The picture formats that Vanish opens and writes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """One picture format.

    Attributes:
        title: the name that users see.
        mime: media type.
        extension: file name extension, without the dot.
        lossless: `encode` keeps every bit (WebP: only if the original was lossless).
        writable: `encode` can write it.
        holds_metadata: it has a place for EXIF and XMP.
    """

    title: str
    mime: str
    extension: str
    lossless: bool
    writable: bool = True
    holds_metadata: bool = True


FORMATS: dict[str, Format] = {
    "JPEG": Format("JPEG", "image/jpeg", "jpg", lossless=False),
    "PNG": Format("PNG", "image/png", "png", lossless=True),
    "WEBP": Format("WebP", "image/webp", "webp", lossless=False),
    "TIFF": Format("TIFF", "image/tiff", "tif", lossless=True),
    "AVIF": Format("AVIF", "image/avif", "avif", lossless=False),
    "HEIF": Format("HEIC", "image/heic", "heic", lossless=False, writable=False),
    "GIF": Format("GIF", "image/gif", "gif", lossless=False, writable=False),
    "BMP": Format("BMP", "image/bmp", "bmp", lossless=True, holds_metadata=False),
}
"""By Pillow's name of the format."""

_EXTENSIONS = {form.extension: name for name, form in FORMATS.items()} | {
    "jpeg": "JPEG",
    "jpe": "JPEG",
    "tiff": "TIFF",
    "heif": "HEIF",
    "hif": "HEIF",
}


def find_format_by_extension(extension: str) -> str | None:
    """Return Pillow's name of the format with a file name extension ("jpg", ".JPG"), or None."""
    return _EXTENSIONS.get(extension.removeprefix(".").lower())
