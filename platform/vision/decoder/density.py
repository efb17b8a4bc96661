"""Print density: the pixels per inch that a file's header states."""

from PIL import Image, TiffImagePlugin

_RESOLUTION_TAG = 282
_INCH, _CENTIMETRE = 1, 2
_CENTIMETRES_PER_INCH = 2.54
_MAX_DENSITY = 65_535  # the largest number that a JPEG can hold


def read_density(image: Image.Image, *, quarter_turn: bool) -> tuple[float, float] | None:
    """Return pixels per inch (horizontal, vertical) of the upright canvas; None where not stated.

    A density in the EXIF data is not read here; it stays in the EXIF.
    """
    density = _read_header(image)
    if density is None or not all(1 <= value <= _MAX_DENSITY for value in density):
        return None
    horizontal, vertical = float(density[0]), float(density[1])
    return (vertical, horizontal) if quarter_turn else (horizontal, vertical)


def _read_header(image: Image.Image) -> tuple[float, float] | None:
    if image.format == "JPEG":
        unit = image.info.get("jfif_unit")
        if unit not in (_INCH, _CENTIMETRE):
            return None  # Pillow's `dpi` would be EXIF's, or 72 by default
        horizontal, vertical = image.info["jfif_density"]
        scale = 1 if unit == _INCH else _CENTIMETRES_PER_INCH
        return horizontal * scale, vertical * scale
    if isinstance(image, TiffImagePlugin.TiffImageFile) and _RESOLUTION_TAG not in image.tag_v2:
        return None  # Pillow's `dpi` would be 1 by default
    return image.info.get("dpi")
