"""Small ICC profiles that Pillow can't build (ICC.1:2022), with unusual colours."""

import struct

INKS = {"none": (242, 130, 124), "cyan": (140, 90, 70), "black": (30, 128, 128)}
"""Lab in 8 bits (10.10) of paper, full cyan and full black in the profile of `build_cmyk`."""


def build_grey(gamma: float = 1.8) -> bytes:
    """Return a profile of greys with light = value ^ gamma."""
    return _build_profile(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": _build_gamma_curve(gamma)})


def build_cmyk() -> bytes:
    """Return a profile in which only cyan and black have a colour, one each (see `INKS`)."""
    grid = b"".join(
        bytes(INKS["black"] if key else INKS["cyan"] if cyan else INKS["none"])
        for cyan in (0, 1)
        for _magenta in (0, 1)
        for _yellow in (0, 1)
        for key in (0, 1)
    )
    ramp = bytes(range(256))
    matrix = struct.pack(">9i", *(65536 * (i % 4 == 0) for i in range(9)))
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + matrix + ramp * 4 + grid + ramp * 3
    return _build_profile(b"prtr", b"CMYK", b"Lab ", {b"A2B0": table})


def build_rgb(tags: dict[bytes, bytes] | None = None) -> bytes:
    """Return a display profile with light = value ^ 1.8 and these tags."""
    primaries = {b"rXYZ": (28000, 14000, 900), b"gXYZ": (25000, 47000, 6300)}
    columns = {
        name: b"XYZ \0\0\0\0" + struct.pack(">3i", *xyz)
        for name, xyz in (primaries | {b"bXYZ": (9400, 4000, 46000)}).items()
    }
    curves = dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _build_gamma_curve(1.8))
    return _build_profile(b"mntr", b"RGB ", b"XYZ ", columns | curves | (tags or {}))


def _build_gamma_curve(value: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256)) + b"\0\0"


def _build_profile(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    white = struct.pack(">3i", 63190, 65536, 54061)  # D50
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", 5) + b"Test\0" + b"\0" * 79,
        b"cprt": b"text\0\0\0\0None\0\0\0\0",
        b"wtpt": b"XYZ \0\0\0\0" + white,
        **tags,
    }
    start = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    header = struct.pack(">I4xI", start + len(body), 0x02400000) + kind + space + connection
    header += struct.pack(">6H", 2000, 1, 1, 0, 0, 0) + b"acsp".ljust(32, b"\0") + white
    return header.ljust(128, b"\0") + table + body
