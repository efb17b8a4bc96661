"""Greys for the formats that hold none."""

from dataclasses import replace

import numpy as np

from vision.decoder.profiles import rgb_like_grey
from vision.images.picture import Picture

_SPREAD = {"L": [0, 0, 0], "LA": [0, 0, 0, 1]}
_IN_COLOUR = {"L": "RGB", "LA": "RGBA"}


def fits_as_grey(picture: Picture, name: str) -> bool:
    """Whether a grey canvas stays grey in the format of that name (a key of `FORMATS`).

    WebP knows colours only, AVIF's writer no grey with alpha; few programs read grey of 16 bits
    with alpha from a PNG or TIFF.
    """
    if picture.mode == "LA":
        is_deep = picture.pixels.dtype == np.uint16
        return name not in ("WEBP", "AVIF") and not (is_deep and name in ("PNG", "TIFF"))
    return name != "WEBP"


def in_colour(picture: Picture) -> Picture:
    """A grey canvas (L, LA) as RGB or RGBA; its profile becomes one under which it looks so."""
    profile = picture.icc_profile and rgb_like_grey(picture.icc_profile)
    pixels = picture.pixels[:, :, _SPREAD[picture.mode]]
    return replace(picture, pixels=pixels, mode=_IN_COLOUR[picture.mode], icc_profile=profile)
