"""A decoded photo: its canvas, and what is needed to write it as it was."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

CHANNELS = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4}
"""Channels of each mode."""


@dataclass(frozen=True)
class JpegEncoding:
    """How a JPEG was compressed, so that it can be compressed the same way again.

    Attributes:
        tables: quantisation tables, 64 values each, row by row; transposed where the orientation
            turned the canvas by a quarter, so that they fit its rows and columns.
        subsampling: "4:4:4", "4:2:2" or "4:2:0"; the first where the original's can't be written.
        progressive: written in several scans.
    """

    tables: tuple[tuple[int, ...], ...]
    subsampling: str
    progressive: bool


@dataclass(frozen=True)
class FileFacts:
    """What a picture's file says of itself; None where it says nothing.

    Attributes:
        profile: the colour profile's own name.
        dpi: pixels per inch across and down.
        camera, lens: maker and model.
        taken_at: ISO 8601, by the camera's clock, without a zone.
        has_location: the file says where it was taken.
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
        pixels: the canvas, [H,W,C] uint8 or uint16, C as `mode` says (1, 2, 3, 4), orientation
            applied, C-contiguous, read-only.
        mode: "L", "LA", "RGB" or "RGBA"; colours are not multiplied by alpha.
        format: Pillow's name of the original's format, a key of `FORMATS`.
        icc_profile: the colours' profile; None means sRGB.
        exif: starts with `Exif\\0\\0`; orientation reset to 1, embedded thumbnail taken out
            (it would still show what vanished).
        jpeg: how the original was compressed, if it was a JPEG.
        frames: how many the file says it has; the canvas is the first.
        notes: what was changed on the way to the canvas, for people.
        decoder: who decoded it, with version: another one may give slightly other pixels.
        lossless: the original was stored without loss.
        density: pixels per inch across and down, if the file says so outside its EXIF.
        facts: what else the file says of itself.
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
        """In pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[0])

    def canvas_sha256(self) -> str:
        """Hex digest over mode, dtype, shape and pixels (little-endian): the canvas's identity."""
        digest = hashlib.sha256(
            f"{self.mode} {self.pixels.dtype.name} {self.pixels.shape}".encode()
        )
        digest.update(self.pixels.astype(self.pixels.dtype.newbyteorder("<"), copy=False).data)
        return digest.hexdigest()

    def with_pixels(self, pixels: NDArray[Any]) -> "Picture":
        """The same photo with another canvas of the same mode. Raises ValueError if it is not."""
        return replace(self, pixels=pixels)
