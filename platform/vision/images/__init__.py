"""Pictures: decoded safely, and encoded close to the original.

How a file is decoded (docs/pictures.md lists every kind in a table):

- mode: 1 bit and grey -> L; grey with alpha, or with one transparent grey -> LA; palette, CMYK,
  YCbCr, Lab -> RGB; with alpha or transparent colours -> RGBA.
- depth: 16 bits stay in PNG and TIFF; AVIF and HEIC of 10 or 12 bits become 8.
- profile: kept if it fits; CMYK and Lab are converted to sRGB with it; built from the file's
  numbers (CICP, gAMA, cHRM) where there is none.
- the first of several frames, pages or pictures.
- encoded in the original's format; HEIC and GIF as PNG.

`Picture.notes` lists what was lost.
"""

from vision.decoder.limits import DEFAULT_LIMITS, Limits
from vision.images.decoding import decode
from vision.images.encoding import choose_output_format, encode
from vision.images.formats import FORMATS, Format, find_format_by_extension
from vision.images.picture import FileFacts, JpegEncoding, Picture
from vision.images.thumbnails import compute_scaled_size, make_thumbnail

__all__ = [
    "DEFAULT_LIMITS",
    "FORMATS",
    "FileFacts",
    "Format",
    "JpegEncoding",
    "Limits",
    "Picture",
    "choose_output_format",
    "compute_scaled_size",
    "decode",
    "encode",
    "find_format_by_extension",
    "make_thumbnail",
]
