"""Pictures and files built in memory, of every kind that users upload."""

import base64
import io
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

Pixels = NDArray[Any]

CORNERS = {"top left": (200, 30, 30), "top right": (30, 180, 40)}
"""Colours of the upper quarters of `build_quarters`; the lower ones are blue and yellow."""

# `build_quarters(64, 48)`, which heif-enc (libheif 1.15, x265) wrote at quality 50.
_HEIC = (
    "eNpjYGCQSSupLMhIzUxmAILczDRDEDs3MzGNgYFxbW5qSSIDBChmpOQUQdkMBZnJJQxogK8gsyQXzGICYoHMlESI"
    "EgcGAyBpkZmTn8wIZLg4AOUZIVoYL8JYDLMRonCaA6wvMy8NbqookJPKBFIBVJNRlmzIgCQIVpJelJkCYt7ILCgq"
    "ANLbMguS84F0GVC1MyNzAdy5ch8Y/vz98YOBgZ9ZAWiahAMjD+P//yAFzAwTQAQQye1iclAESmo5MTKiySxQaGSd"
    "9urJsp07BAQMFEBCYEJRCaiczYXxYPGBTqAlIpnFBalQCx2gGF0MFDoCBZkVmSABZg4OkK+lMgtyYQEPDBemRiYG"
    "JibmFrBMUWoaLMRTMnPTweEGCrHFuZAQn67BuF644anh9//7TO1vv7U/sinNb8ER/W8rfk/e9i8z6Ih03zz1Uy3/"
    "Et9/XLCIy0St8v+Dvvs9xezPlPwDWXmfe999xSjf7nWknv9RR+3dea1bXh7+z3OggTtn/7Wql9/yF67v2Dg3LGfu"
    "psYpKkIXt3B6Tor0erP5t6W0yIyHPYenHl+3nUn11OSbl97fORPGM/PXdenVZXqhPflvMgIEAMdQm40="
)


def build_noise(
    height: int, width: int, channels: int = 3, *, bits: int = 8, seed: int = 0
) -> NDArray[Any]:
    """Return random pixels [H,W,C] uint8 or uint16."""
    dtype = np.uint8 if bits == 8 else np.uint16
    return np.random.default_rng(seed).integers(0, 2**bits, (height, width, channels), dtype)


def build_scene(width: int, height: int, *, seed: int = 0) -> NDArray[np.uint8]:
    """Return something like a photo, [H,W,3] uint8: soft shapes with a little grain."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (5, 6, 3), np.uint8))
    soft = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC), np.int16)
    return np.clip(soft + rng.integers(-6, 7, soft.shape), 0, 255).astype(np.uint8)


def build_quarters(width: int = 64, height: int = 48) -> NDArray[np.uint8]:
    """Return red and green above blue and yellow: every orientation looks different."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = CORNERS["top left"]
    pixels[: height // 2, width // 2 :] = CORNERS["top right"]
    pixels[height // 2 :, : width // 2] = (40, 50, 190)
    pixels[height // 2 :, width // 2 :] = (220, 210, 60)
    return pixels


def encode_pixels(pixels: Pixels, name: str, **options: Any) -> bytes:
    """Return pixels [H,W] or [H,W,C] uint8 as a file of Pillow's format `name`."""
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, name, **options)
    return target.getvalue()


def build_jpeg(width: int = 64, height: int = 48, **options: Any) -> bytes:
    """Return an RGB JPEG of `build_scene`; `options` are Pillow's (quality, progressive, exif)."""
    return encode_pixels(build_scene(width, height), "JPEG", **options)


def build_png(width: int = 64, height: int = 48, **options: Any) -> bytes:
    """Return an RGB PNG of `build_scene`."""
    return encode_pixels(build_scene(width, height), "PNG", **options)


def read_heic() -> bytes:
    """Return `build_quarters(64, 48)` as HEIC; pi-heif can't encode it."""
    return zlib.decompress(base64.b64decode(_HEIC))


def build_exif(orientation: int, *, thumbnail: bytes = b"", order: str = "<") -> bytes:
    """Return EXIF with a camera name, this orientation and the thumbnail, if there is one."""
    camera = b"Camera\0\0"
    first, after = 8, 8 + 2 + 2 * 12 + 4
    second = after + len(camera)
    at = second + 2 + 2 * 12 + 4
    data = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(order + "I", first)
    data += struct.pack(order + "HHHII", 2, 0x0110, 2, 7, after)
    data += struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    data += struct.pack(order + "I", second if thumbnail else 0) + camera
    if thumbnail:
        data += struct.pack(order + "HHHII", 2, 0x0201, 4, 1, at)
        data += struct.pack(order + "HHIII", 0x0202, 4, 1, len(thumbnail), 0) + thumbnail
    return b"Exif\0\0" + data


CREATION_TIME = struct.pack(">6H", 2024, 5, 1, 12, 0, 0)
"""In the header of a profile, in place of the moment when the test runs (ICC.1:2022, 7.2.8)."""


def build_profile(name: str = "sRGB") -> bytes:
    """Return an ICC profile: "sRGB" (for RGB) or "LAB"; always the same bytes."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()  # type: ignore[arg-type]
    return profile[:24] + CREATION_TIME + profile[36:]


def build_16_bit_png(pixels: NDArray[np.uint16], *extra: tuple[bytes, bytes]) -> bytes:
    """Return pixels [H,W,C] uint16 as a PNG, with `extra` chunks (name, data) before them."""
    height, width, channels = pixels.shape
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)
    return join_png_chunks(
        (b"IHDR", header), *extra, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    )


def join_png_chunks(*chunks: tuple[bytes, bytes]) -> bytes:
    """Return a PNG of these chunks (name, data)."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def build_16_bit_tiff(
    pixels: NDArray[np.uint16],
    *,
    planar: bool = False,
    orientation: int = 1,
    order: str = "<",
    photometric: int | None = None,
    tags: dict[int, tuple[str, tuple[int, ...]]] | None = None,
) -> bytes:
    """Return pixels [H,W,C] uint16 as an uncompressed TIFF in the byte order "<" or ">"."""
    channels = pixels.shape[2]
    planes = np.moveaxis(pixels, 2, 0) if planar else pixels[None]
    fields: dict[int, tuple[str, tuple[int, ...]]] = {
        258: ("H", (16,) * channels),
        262: ("H", ((2 if channels >= 3 else 1) if photometric is None else photometric,)),
        274: ("H", (orientation,)),
        277: ("H", (channels,)),
        284: ("H", (2 if planar else 1,)),
    }
    if channels in (2, 4):
        fields[338] = ("H", (2,))
    strips = [plane.astype(f"{order}u2").tobytes() for plane in planes]
    return build_tiff(pixels.shape[1], pixels.shape[0], strips, fields | (tags or {}), order=order)


def build_tiff(
    width: int,
    height: int,
    strips: list[bytes],
    tags: Mapping[int, tuple[str, tuple[int, ...]]],
    *,
    order: str = "<",
) -> bytes:
    """Return strips, each a whole plane, as a TIFF; `tags`: type ("H", "I", "B") and values."""
    sizes = [len(strip) for strip in strips]
    tags = dict(tags) | {256: ("I", (width,)), 257: ("I", (height,)), 259: ("H", (1,))}
    tags |= {278: ("I", (height,)), 279: ("I", tuple(sizes)), 273: ("I", tuple(sizes))}
    start = 8 + len(_build_tiff_directory(tags, order))
    tags[273] = ("I", tuple(start + sum(sizes[:i]) for i in range(len(sizes))))
    header = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(order + "I", 8)
    return header + _build_tiff_directory(tags, order) + b"".join(strips)


def _build_tiff_directory(tags: dict[int, tuple[str, tuple[int, ...]]], order: str) -> bytes:
    """Return the first directory, at byte 8, followed by the values that do not fit into it."""
    entries, overflow = b"", b""
    after = 8 + 2 + 12 * len(tags) + 4
    for tag, (kind, values) in sorted(tags.items()):
        encoded = struct.pack(f"{order}{len(values)}{kind}", *values)
        code = {"B": 1, "H": 3, "I": 4}[kind]
        entries += struct.pack(f"{order}HHI", tag, code, len(values))
        if len(encoded) <= 4:
            entries += encoded.ljust(4, b"\0")
        else:
            entries += struct.pack(f"{order}I", after + len(overflow))
            overflow += encoded
    return struct.pack(f"{order}H", len(tags)) + entries + b"\0" * 4 + overflow
