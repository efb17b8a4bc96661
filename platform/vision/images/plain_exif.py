"""EXIF for formats whose writers parse it: only the tags that can be read, or none."""

import warnings

from PIL import Image

from vision.decoder.metadata import DESCRIBING_TAGS, EXIF_DIRECTORIES
from vision.decoder.rejection import BAD_FILE


def build_plain_exif(raw: bytes | None) -> Image.Exif:
    """Return the tags of `raw` EXIF about the photo, camera and location; empty if unreadable.

    EXIF comes from outside: damaged EXIF must not prevent the photo from being encoded.
    """
    if raw is None:
        return Image.Exif()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _copy_known_tags(raw)
        except BAD_FILE:
            return Image.Exif()


def _copy_known_tags(raw: bytes) -> Image.Exif:
    source, exif = Image.Exif(), Image.Exif()
    source.load(raw)
    for tag in DESCRIBING_TAGS & set(source):
        exif[tag] = source[tag]
    for tag in EXIF_DIRECTORIES & set(source):
        exif[tag] = dict(source.get_ifd(tag))
    exif.tobytes()  # raises here, not in the writer, if a value can't be encoded
    return exif
