"""Pictures: decoded safely, written faithfully."""

from vision.decoder.limits import DEFAULT_LIMITS, Limits
from vision.images.decoding import decode
from vision.images.encoding import encode, output_format
from vision.images.formats import FORMATS, Format, format_of_extension
from vision.images.picture import JpegEncoding, Picture
from vision.images.thumbnails import thumbnail

__all__ = [
    "DEFAULT_LIMITS",
    "FORMATS",
    "Format",
    "JpegEncoding",
    "Limits",
    "Picture",
    "decode",
    "encode",
    "format_of_extension",
    "output_format",
    "thumbnail",
]
