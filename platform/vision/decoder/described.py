"""ICC profiles for files that describe their colours by numbers: CICP, and PNG's gAMA and cHRM."""

import struct

from PIL import Image

from vision.decoder.profiles import (
    BT_2020,
    DISPLAY_P3,
    SRGB,
    Chromaticities,
    build_gamma_curve,
    build_grey_profile,
    build_rgb_profile,
    build_srgb_curve,
)

# ITU-T H.273, tables 2 and 3. All other values are sRGB, or too near it to make a difference.
_PRIMARIES = {9: ("BT.2020", BT_2020), 12: ("Display P3", DISPLAY_P3)}
_LINEAR, _GAMMA_2_2, _GAMMA_2_8 = 8, 4, 5
_GAMMAS = {_LINEAR: 1.0, _GAMMA_2_2: 2.2, _GAMMA_2_8: 2.8}
_HDR = {16: "PQ", 18: "HLG"}
_SRGB_GAMMA = 1 / 2.2
_TOLERANCE = 0.01


def derive_profile(image: Image.Image, data: bytes) -> tuple[bytes | None, list[str]]:
    """Return (an ICC profile built from the file's numbers, notes).

    (None, []) where the numbers mean sRGB or are missing. For files without an embedded profile.
    """
    try:
        if (cicp := _read_cicp(image, data)) is not None:
            return _from_cicp(image, *cicp)
        if image.format == "PNG" and "srgb" not in image.info:
            return _from_gamma(image)
    except (ValueError, struct.error):
        return None, ["The file's figures for its colours make no sense and were left out"]
    return None, []


def _read_cicp(image: Image.Image, data: bytes) -> tuple[int, int] | None:
    """Return the codes of colour primaries and transfer characteristics in ITU-T H.273."""
    if image.format == "HEIF":
        nclx = image.info.get("nclx_profile")
        return nclx and (nclx["color_primaries"], nclx["transfer_characteristics"])
    if image.format == "AVIF":
        at = data.find(b"colrnclx")
        return None if at < 0 else struct.unpack_from(">HH", data, at + 8)
    if image.format == "PNG":
        at = data.find(b"\0\0\0\x04cICP", 0, data.find(b"IDAT"))
        return None if at < 0 else struct.unpack_from("BB", data, at + 8)
    return None


def _from_cicp(image: Image.Image, primaries: int, transfer: int) -> tuple[bytes | None, list[str]]:
    if transfer in _HDR:
        name = _HDR[transfer]
        return None, [f"High dynamic range ({name}) is read as ordinary colours, which look flat"]
    name, colours = _PRIMARIES.get(primaries, ("sRGB", SRGB))
    gamma = _GAMMAS.get(transfer)
    if gamma is None and (colours is SRGB or _is_grey(image)):
        return None, []
    return _build_profile(
        image, name, colours, build_gamma_curve(gamma) if gamma else build_srgb_curve()
    )


def _from_gamma(image: Image.Image) -> tuple[bytes | None, list[str]]:
    """Return a profile of PNG's gAMA and cHRM (W3C PNG, third edition, 11.3.2.1 and 2)."""
    gamma = image.info.get("gamma")
    if not gamma:
        return None, []
    colours = image.info.get("chromaticity", SRGB)
    is_srgb = max(abs(a - b) for a, b in zip(colours, SRGB, strict=True)) < _TOLERANCE
    if is_srgb and abs(gamma - _SRGB_GAMMA) < _TOLERANCE:
        return None, []
    return _build_profile(image, f"gamma {1 / gamma:.2g}", colours, build_gamma_curve(1 / gamma))


def _build_profile(
    image: Image.Image, name: str, colours: Chromaticities, curve: bytes
) -> tuple[bytes, list[str]]:
    notes = [f"The file describes its colours ({name}) by figures: kept as a colour profile"]
    if _is_grey(image):
        return build_grey_profile(name, curve), notes
    return build_rgb_profile(name, colours, curve), notes


def _is_grey(image: Image.Image) -> bool:
    return image.mode in ("1", "L", "LA") or image.mode.startswith("I;16")
