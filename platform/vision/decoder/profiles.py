"""ICC profiles (ICC.1:2022): a check whether one fits a canvas, and profiles built from numbers."""

import struct

_HEADER = 128
_SPACES = {"L": b"GRAY", "LA": b"GRAY", "RGB": b"RGB ", "RGBA": b"RGB "}
_OTHER_CLASSES = (b"link", b"abst", b"nmcl")  # not of a picture or a device
_D50 = (0.9642, 1.0, 0.8249)
_BRADFORD = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
_CREATION_TIME = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)  # fixed: the same input, the same bytes

Chromaticities = tuple[float, float, float, float, float, float, float, float]
"""CIE x and y of white, red, green and blue."""

SRGB: Chromaticities = (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
DISPLAY_P3: Chromaticities = (0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06)
BT_2020: Chromaticities = (0.3127, 0.329, 0.708, 0.292, 0.17, 0.797, 0.131, 0.046)


def check_profile(profile: bytes | None, mode: str) -> tuple[bytes | None, list[str]]:
    """Return (the ICC profile if it fits pictures of this mode, else None; notes). Section 7.2."""
    if not profile:
        return None, []
    is_profile = len(profile) >= _HEADER and profile[36:40] == b"acsp"
    if is_profile and profile[16:20] == _SPACES[mode] and profile[12:16] not in _OTHER_CLASSES:
        return profile, []
    return None, ["The colour profile does not fit the picture and was left out"]


def is_cut_off(profile: bytes) -> bool:
    """Return whether an ICC profile is shorter than its header states. Section 7.2.2."""
    return len(profile) < int.from_bytes(profile[:4])


def build_srgb_curve() -> bytes:
    """Return the tag data of sRGB's transfer curve (10.18, parametric curve 3)."""
    return _build_curve(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def build_gamma_curve(gamma: float) -> bytes:
    """Return the tag data of the curve light = value ^ gamma (parametric curve 0)."""
    return _build_curve(0, gamma)


def build_rgb_profile(title: str, colours: Chromaticities, curve: bytes) -> bytes:
    """Build a display profile of these primaries. Sections 7-9.

    `curve`: the tag data of the transfer curve, the same for all three. Raises ValueError for
    chromaticities that span no colours.
    """
    columns, adaptation = _adapt_primaries(colours)
    tags = dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True):
        tags[name] = _encode_xyz(column)
    return _assemble(b"RGB ", title, tags, adaptation)


def build_grey_profile(title: str, curve: bytes) -> bytes:
    """Build a display profile of greys. `curve`: the tag data of its transfer curve."""
    return _assemble(b"GRAY", title, {b"kTRC": curve}, _adapt_primaries(SRGB)[1])


def convert_grey_profile(profile: bytes) -> bytes | None:
    """Convert a grey profile to RGB, so that r = g = b = v looks as v did; None where impossible.

    For the formats that can't store grey, or grey with alpha.
    """
    if profile[16:24] != b"GRAYXYZ ":
        return None
    curve = _read_tag(profile, b"kTRC")
    return build_rgb_profile("Grey as RGB", SRGB, curve) if curve else None


def _read_tag(profile: bytes, name: bytes) -> bytes | None:
    """Return the data of a tag (7.3); None where it is missing or reaches past the end."""
    table = profile[_HEADER + 4 :]
    count = int.from_bytes(profile[_HEADER : _HEADER + 4], "big")
    for at in range(0, 12 * min(count, len(table) // 12), 12):
        if table[at : at + 4] == name:
            start, size = struct.unpack_from(">II", table, at + 4)
            data = profile[start : start + size]
            return data if len(data) == size else None
    return None


def _adapt_primaries(colours: Chromaticities) -> tuple[list[tuple[float, ...]], bytes]:
    """Return the primaries' XYZ under D50, and the tag data of the adaptation (Bradford, E.3)."""
    import numpy as np

    xy = np.array(colours).reshape(4, 2)
    if (xy[:, 1] <= 0).any():
        raise ValueError("a chromaticity without luminance")
    white, *primaries = np.column_stack([xy, 1 - xy.sum(axis=1)]) / xy[:, 1:]
    matrix = np.array(primaries).T
    if abs(np.linalg.det(matrix)) < 1e-6:
        raise ValueError("primaries on one line")
    cone = np.array(_BRADFORD)
    gains = np.diag(cone @ np.array(_D50) / (cone @ white))
    adaptation = np.linalg.inv(cone) @ gains @ cone
    adapted = adaptation @ (matrix * np.linalg.solve(matrix, white))
    tag = b"sf32\0\0\0\0" + _encode_numbers(*adaptation.ravel().tolist())
    return [tuple(column) for column in adapted.T.tolist()], tag


def _assemble(space: bytes, title: str, tags: dict[bytes, bytes], adaptation: bytes) -> bytes:
    tags = tags | {
        b"desc": _encode_text(title),
        b"cprt": _encode_text("None: made from a picture's own figures"),
        b"wtpt": _encode_xyz(_D50),
        b"chad": adaptation,
    }
    table, body = struct.pack(">I", len(tags)), b""
    offsets: dict[bytes, int] = {}
    for name, data in tags.items():
        if data not in offsets:  # equal data, like that of the three curves, is stored once
            offsets[data] = _HEADER + 4 + 12 * len(tags) + len(body)
            body += data + b"\0" * (-len(data) % 4)
        table += name + struct.pack(">II", offsets[data], len(data))
    size = _HEADER + len(table) + len(body)
    header = struct.pack(">I4xI", size, 0x04300000) + b"mntr" + space + b"XYZ " + _CREATION_TIME
    header += b"acsp".ljust(32, b"\0") + _encode_numbers(*_D50)
    return header.ljust(_HEADER, b"\0") + table + body


def _encode_text(text: str) -> bytes:
    """Encode a text as multiLocalizedUnicodeType (10.15), in American English."""
    encoded = text.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II4sII", 1, 12, b"enUS", len(encoded), 28) + encoded


def _encode_xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ \0\0\0\0" + _encode_numbers(*values)


def _build_curve(kind: int, *values: float) -> bytes:
    return b"para\0\0\0\0" + struct.pack(">HH", kind, 0) + _encode_numbers(*values)


def _encode_numbers(*values: float) -> bytes:
    """Encode each number as s15Fixed16Number. Raises ValueError for one that is too large."""
    try:
        return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))
    except (struct.error, OverflowError) as error:
        raise ValueError("too large for an ICC profile") from error
