"""Sizes of masks: of the photo's, or of the photo's shape and scaled."""

import cv2
import numpy as np

from vision.masks import Mask, build_size_error


def check_shape(size: tuple[int, int], shape: tuple[int, int]) -> None:
    """Raise MaskRejected (mask_wrong_size) if a mask of `size` does not have the photo's shape.

    Both are (height, width). A side may be a pixel off its share, since sides are whole numbers;
    but a mask as wide or as high as the photo must fit exactly.
    """
    if size == tuple(shape):
        return
    (height, width), (photo_height, photo_width) = size, shape
    scale = max(width / photo_width, height / photo_height)
    difference = max(abs(width - photo_width * scale), abs(height - photo_height * scale))
    has_common_side = width == photo_width or height == photo_height
    if has_common_side or difference > max(1, scale):
        raise build_size_error(
            size,
            shape,
            "Make the mask as large as the picture, or smaller or larger with its proportions.",
        )


def fit_size(mask: Mask, shape: tuple[int, int]) -> tuple[Mask, tuple[str, ...]]:
    """Return the mask in the photo's size, scaled to the nearest pixel, and a note if it was."""
    if mask.shape == tuple(shape):
        return mask, ()
    scaled = cv2.resize(mask, shape[::-1], interpolation=cv2.INTER_NEAREST_EXACT)
    note = (
        f"The mask was scaled from {mask.shape[1]} x {mask.shape[0]} pixels to the photo's "
        f"{shape[1]} x {shape[0]}."
    )
    return np.asarray(scaled, dtype=np.uint8), (note,)
