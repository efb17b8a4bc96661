"""EXIF for the formats whose writer takes it apart: only what is understood, or none."""

import warnings

from PIL import Image

from vision.decoder.metadata import DESCRIBING_TAGS, EXIF_DIRECTORIES
from vision.decoder.rejection import BAD_FILE


def plain_exif(raw: bytes | None) -> Image.Exif:
    """What `raw` EXIF says of the photo, its camera and its place; empty if it can't be read.

    EXIF comes with the photo as it is: nonsense in it must not keep the photo from being written.
    """
    if raw is None:
        return Image.Exif()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _understood(raw)
        except BAD_FILE:
            return Image.Exif()


def _understood(raw: bytes) -> Image.Exif:
    source, exif = Image.Exif(), Image.Exif()
    source.load(raw)
    for tag in DESCRIBING_TAGS & set(source):
        exif[tag] = source[tag]
    for tag in EXIF_DIRECTORIES & set(source):
        exif[tag] = dict(source.get_ifd(tag))
    exif.tobytes()
    return exif
