"""Pictures: decoded safely, written faithfully.

What a file becomes (docs/pictures.md has every kind in a table):

- mode: 1 bit and grey -> L; grey with alpha, or with one clear grey -> LA; palette, CMYK, YCbCr,
  Lab -> RGB; with alpha or clear colours -> RGBA.
- depth: 16 bits stay in PNG and TIFF; AVIF and HEIC of 10 or 12 bits become 8.
- profile: kept if it fits; used up by CMYK and Lab, which become sRGB; made of the file's own
  figures (CICP, gAMA, cHRM) where it has none.
- of many frames, pages or pictures: the first.
- written as what it was; HEIC and GIF as PNG.

`Picture.notes` says what was lost on the way in.
"""

from vision.decoder.limits import DEFAULT_LIMITS, Limits
from vision.images.decoding import decode
from vision.images.encoding import encode, output_format
from vision.images.formats import FORMATS, Format, format_of_extension
from vision.images.picture import FileFacts, JpegEncoding, Picture
from vision.images.thumbnails import scaled_size, thumbnail

__all__ = [
    "DEFAULT_LIMITS",
    "FORMATS",
    "FileFacts",
    "Format",
    "JpegEncoding",
    "Limits",
    "Picture",
    "decode",
    "encode",
    "format_of_extension",
    "output_format",
    "scaled_size",
    "thumbnail",
]
