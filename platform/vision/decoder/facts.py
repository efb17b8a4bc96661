"""What a picture's file says of itself, in a few plain facts."""

import io
import re
import warnings
from datetime import datetime
from typing import Any

from PIL import ExifTags, Image, ImageCms

from vision.decoder.rejection import BAD_FILE

_LONGEST = 100
_PER_INCH = {2: 1.0, 3: 2.54}
_Base, _Ifd = ExifTags.Base, ExifTags.IFD


def facts_of(
    profile: bytes | None, exif: bytes | None, density: tuple[float, float] | None
) -> dict[str, Any]:
    """The fields of `vision.images.FileFacts`; what can't be read is left out."""
    facts: dict[str, Any] = {"profile": _profile_name(profile), "dpi": density}
    if exif is None:
        return facts
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return facts | _in_exif(exif, density)
        except BAD_FILE:
            return facts


def _in_exif(raw: bytes, density: tuple[float, float] | None) -> dict[str, Any]:
    exif = Image.Exif()
    exif.load(raw)
    camera = exif.get_ifd(_Ifd.Exif)
    return {
        "dpi": density or _density(exif),
        "camera": _joined(exif.get(_Base.Make), exif.get(_Base.Model)),
        "lens": _joined(camera.get(_Base.LensMake), camera.get(_Base.LensModel)),
        "taken_at": _moment(camera.get(_Base.DateTimeOriginal) or exif.get(_Base.DateTime)),
        "has_location": ExifTags.GPS.GPSLatitude in exif.get_ifd(_Ifd.GPSInfo),
    }


def _profile_name(profile: bytes | None) -> str | None:
    if profile is None:
        return None
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return _plain(opened.profile.profile_description)
    except (OSError, ImageCms.PyCMSError):
        return None


def _density(exif: Image.Exif) -> tuple[float, float] | None:
    scale = _PER_INCH.get(exif.get(_Base.ResolutionUnit, 2))
    across, down = exif.get(_Base.XResolution), exif.get(_Base.YResolution)
    if scale is None or not across or not down:
        return None
    dpi = round(float(across) * scale, 2), round(float(down) * scale, 2)
    return dpi if all(0 < value < 1e6 for value in dpi) else None


def _joined(maker: object, model: object) -> str | None:
    """Maker and model; the maker once, where the model begins with it too."""
    first, second = _plain(maker), _plain(model)
    if first and second and not second.lower().startswith(first.lower()):
        return f"{first} {second}"
    return second or first


def _plain(value: object) -> str | None:
    """Of what a file holds, what can be shown."""
    if not isinstance(value, str):
        return None
    shown = "".join(letter for letter in value if letter.isprintable()).strip()
    return shown[:_LONGEST] or None


def _moment(value: object) -> str | None:
    parts = re.fullmatch(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)", (_plain(value) or ""), re.A)
    if parts is None:
        return None
    try:
        # The camera's clock says nothing of a zone.
        return datetime(*map(int, parts.groups())).isoformat()  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None
