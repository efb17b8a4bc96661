"""Facts from a picture's metadata: profile, density, camera, time and place."""

import io
import re
import warnings
from datetime import datetime
from typing import Any

from PIL import ExifTags, Image, ImageCms

from vision.decoder.rejection import BAD_FILE

_MAX_LENGTH = 100
_PER_INCH = {2: 1.0, 3: 2.54}
_Base, _Ifd = ExifTags.Base, ExifTags.IFD


def read_facts(
    profile: bytes | None, exif: bytes | None, density: tuple[float, float] | None
) -> dict[str, Any]:
    """Return the fields of `vision.images.FileFacts`, without those that can't be read."""
    facts: dict[str, Any] = {"profile": _read_profile_name(profile), "dpi": density}
    if exif is None:
        return facts
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return facts | _read_exif(exif, density)
        except BAD_FILE:
            return facts


def _read_exif(raw: bytes, density: tuple[float, float] | None) -> dict[str, Any]:
    exif = Image.Exif()
    exif.load(raw)
    camera = exif.get_ifd(_Ifd.Exif)
    return {
        "dpi": density or _read_density(exif),
        "camera": _join_names(exif.get(_Base.Make), exif.get(_Base.Model)),
        "lens": _join_names(camera.get(_Base.LensMake), camera.get(_Base.LensModel)),
        "taken_at": _parse_time(camera.get(_Base.DateTimeOriginal) or exif.get(_Base.DateTime)),
        "has_location": ExifTags.GPS.GPSLatitude in exif.get_ifd(_Ifd.GPSInfo),
    }


def _read_profile_name(profile: bytes | None) -> str | None:
    if profile is None:
        return None
    try:
        parsed = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return _clean_text(parsed.profile.profile_description)
    except (OSError, ImageCms.PyCMSError):
        return None


def _read_density(exif: Image.Exif) -> tuple[float, float] | None:
    scale = _PER_INCH.get(exif.get(_Base.ResolutionUnit, 2))
    horizontal, vertical = exif.get(_Base.XResolution), exif.get(_Base.YResolution)
    if scale is None or not horizontal or not vertical:
        return None
    dpi = round(float(horizontal) * scale, 2), round(float(vertical) * scale, 2)
    return dpi if all(0 < value < 1e6 for value in dpi) else None


def _join_names(maker: object, model: object) -> str | None:
    """Join maker and model; leave the maker out where the model already begins with it."""
    first, second = _clean_text(maker), _clean_text(model)
    if first and second and not second.lower().startswith(first.lower()):
        return f"{first} {second}"
    return second or first


def _clean_text(value: object) -> str | None:
    """Return the printable letters of a text, at most `_MAX_LENGTH`; None for anything else."""
    if not isinstance(value, str):
        return None
    printable = "".join(letter for letter in value if letter.isprintable()).strip()
    return printable[:_MAX_LENGTH] or None


def _parse_time(value: object) -> str | None:
    text = _clean_text(value) or ""
    parts = re.fullmatch(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)", text, re.A)
    if parts is None:
        return None
    try:
        # The camera stores its local time without a zone.
        return datetime(*map(int, parts.groups())).isoformat()  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None
