"""Conversion of grey pictures for the formats that can't store grey."""

from dataclasses import replace

import numpy as np

from vision.decoder.profiles import convert_grey_profile
from vision.images.picture import Picture

_CHANNEL_INDICES = {"L": [0, 0, 0], "LA": [0, 0, 0, 1]}
_COLOUR_MODES = {"L": "RGB", "LA": "RGBA"}


def can_store_grey(picture: Picture, name: str) -> bool:
    """Return whether the format of that name (a key of `FORMATS`) can store this canvas as grey.

    WebP stores colours only; Pillow's AVIF writer has no grey with alpha; few programs read grey of
    16 bits with alpha from a PNG or TIFF.
    """
    if picture.mode == "LA":
        is_deep = picture.pixels.dtype == np.uint16
        return name not in ("WEBP", "AVIF") and not (is_deep and name in ("PNG", "TIFF"))
    return name != "WEBP"


def convert_to_colour(picture: Picture) -> Picture:
    """Convert a grey canvas (L, LA) to RGB or RGBA, with an RGB profile of the same appearance."""
    profile = picture.icc_profile and convert_grey_profile(picture.icc_profile)
    pixels = picture.pixels[:, :, _CHANNEL_INDICES[picture.mode]]
    return replace(picture, pixels=pixels, mode=_COLOUR_MODES[picture.mode], icc_profile=profile)
