"""A decoded photo: its canvas, and what is needed to encode it like the original."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.metadata.statement import choose_source_type, state_edit

CHANNELS = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4}
"""Channels of each mode."""


@dataclass(frozen=True)
class JpegEncoding:
    """How a JPEG was compressed, so that the result can be compressed in the same way.

    Attributes:
        tables: quantisation tables, 64 values each, row by row; transposed where the orientation
            includes a quarter turn, so that they fit the canvas's rows and columns.
        subsampling: "4:4:4", "4:2:2" or "4:2:0"; the first where the original's can't be written.
        progressive: stored in several scans.
    """

    tables: tuple[tuple[int, ...], ...]
    subsampling: str
    progressive: bool


@dataclass(frozen=True)
class FileFacts:
    """Facts from a file's metadata; None where the file does not state them.

    Attributes:
        profile: the name in the colour profile.
        dpi: pixels per inch, horizontal and vertical.
        camera, lens: maker and model.
        taken_at: the camera's local time in ISO 8601, without a zone.
        has_location: the file states where the photo was taken.
    """

    profile: str | None = None
    dpi: tuple[float, float] | None = None
    camera: str | None = None
    lens: str | None = None
    taken_at: str | None = None
    has_location: bool = False


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded photo.

    Attributes:
        pixels: the canvas, [H,W,C] uint8 or uint16, C by `mode` (1, 2, 3, 4), orientation applied,
            C-contiguous, read-only.
        mode: "L", "LA", "RGB" or "RGBA"; alpha is straight (not premultiplied).
        format: Pillow's name of the original's format, a key of `FORMATS`.
        icc_profile: the profile of the colours; None means sRGB.
        exif: starts with `Exif\\0\\0`; built anew from the tags in `vision/metadata`, with
            orientation 1. Neither it nor xmp, iptc and texts can hold a picture, which would still
            show the removed objects.
        jpeg: how the original was compressed, if it was a JPEG.
        frames: the number of frames in the file; the canvas is the first.
        notes: what was changed during decoding, for people.
        decoder: name and version of the decoder: another one may produce slightly other pixels.
        lossless: the original was stored without loss.
        density: pixels per inch, horizontal and vertical, if stated outside the EXIF.
        facts: facts from the file's metadata.
        xmp: a packet of XMP, with what iptc and texts say where XMP says nothing itself.
        iptc: datasets of IPTC-IIM.
        texts: keyword and text, as in a PNG; a JPEG's or GIF's comment is called "Comment".
    """

    pixels: NDArray[Any]
    mode: str
    format: str
    icc_profile: bytes | None
    exif: bytes | None
    jpeg: JpegEncoding | None
    frames: int
    notes: tuple[str, ...]
    decoder: str
    lossless: bool = True
    density: tuple[float, float] | None = None
    facts: FileFacts = FileFacts()
    xmp: bytes | None = None
    iptc: bytes | None = None
    texts: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        pixels = np.ascontiguousarray(self.pixels).view()
        if pixels.ndim != 3 or pixels.shape[2] != CHANNELS.get(self.mode):
            raise ValueError(f"a canvas of shape {pixels.shape} is not {self.mode}")
        if pixels.dtype not in (np.uint8, np.uint16):
            raise ValueError(f"a canvas has 8 or 16 bit, not {pixels.dtype}")
        pixels.flags.writeable = False
        object.__setattr__(self, "pixels", pixels)

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.pixels.shape[0])

    def compute_canvas_sha256(self) -> str:
        """Return the hex digest of mode, dtype, shape and pixels (little-endian)."""
        digest = hashlib.sha256(
            f"{self.mode} {self.pixels.dtype.name} {self.pixels.shape}".encode()
        )
        digest.update(self.pixels.astype(self.pixels.dtype.newbyteorder("<"), copy=False).data)
        return digest.hexdigest()

    @property
    def has_metadata(self) -> bool:
        """Whether there is EXIF, XMP, IPTC or a text."""
        return any((self.exif, self.xmp, self.iptc, self.texts))

    def with_edit_stated(self, inpainters: Collection[str], moment: datetime) -> "Picture":
        """Return the same photo whose XMP states that these inpainters changed it by `moment`."""
        source_type = choose_source_type(inpainters)
        return replace(self, xmp=state_edit(self.xmp, source_type=source_type, moment=moment))

    def without_metadata(self) -> "Picture":
        """Return the same photo without EXIF, XMP, IPTC and texts."""
        return replace(self, exif=None, xmp=None, iptc=None, texts=())

    def with_pixels(self, pixels: NDArray[Any]) -> "Picture":
        """Return the same photo with another canvas. Raises ValueError if its mode differs."""
        return replace(self, pixels=pixels)
