"""How large a picture is meant to be: pixels per inch, as its file's own header says."""

from PIL import Image, TiffImagePlugin

_RESOLUTION_TAG = 282
_INCH, _CENTIMETRE = 1, 2
_CENTIMETRES_PER_INCH = 2.54
_MOST = 65_535  # what a JPEG can hold


def density_of(image: Image.Image, *, quarter_turn: bool) -> tuple[float, float] | None:
    """Pixels per inch across and down on the upright canvas; None where the file does not say.

    What EXIF says beside that stays in the EXIF.
    """
    found = _stored(image)
    if found is None or not all(1 <= value <= _MOST for value in found):
        return None
    across, down = float(found[0]), float(found[1])
    return (down, across) if quarter_turn else (across, down)


def _stored(image: Image.Image) -> tuple[float, float] | None:
    if image.format == "JPEG":
        unit = image.info.get("jfif_unit")
        if unit not in (_INCH, _CENTIMETRE):
            return None  # Pillow takes EXIF's then, or invents 72
        across, down = image.info["jfif_density"]
        scale = 1 if unit == _INCH else _CENTIMETRES_PER_INCH
        return across * scale, down * scale
    if isinstance(image, TiffImagePlugin.TiffImageFile) and _RESOLUTION_TAG not in image.tag_v2:
        return None  # Pillow makes it 1
    return image.info.get("dpi")
