"""Conversion of pixels to the 8-bit sRGB that detectors and segmenters were trained on."""

import io
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from vision.images.depth import flatten_on_white, to_8_bits


def resize(pixels: NDArray[Any], width: int, height: int) -> NDArray[Any]:
    """Resize `pixels` ([H,W,C], uint8 or uint16) to width x height; shrink by averaging areas."""
    if pixels.shape[:2] == (height, width):
        return pixels
    shrinks = width * height < pixels.shape[0] * pixels.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(pixels, (width, height), interpolation=method).reshape(height, width, -1)


def convert_to_srgb(pixels: NDArray[Any], icc_profile: bytes | None) -> NDArray[np.uint8]:
    """Convert the pixels of a picture, or of a crop of it, to sRGB on a white background.

    Args:
        pixels: [H,W,C] uint8 or uint16; C = 1 (grey), 2 (grey, alpha), 3 (RGB), 4 (RGBA).
        icc_profile: the picture's profile; None or an unreadable one means sRGB.

    Returns:
        [H,W,3] uint8, R G B, 0..255, C-contiguous.
    """
    pixels = to_8_bits(pixels)
    opaque = flatten_on_white(pixels) if pixels.shape[2] in {2, 4} else pixels
    converted = _apply_profile(opaque, icc_profile) if icc_profile else None
    if converted is None:
        converted = np.repeat(opaque, 3, axis=2) if opaque.shape[2] == 1 else opaque
    return np.ascontiguousarray(converted)


def _apply_profile(pixels: NDArray[np.uint8], profile: bytes) -> NDArray[np.uint8] | None:
    mode = "L" if pixels.shape[2] == 1 else "RGB"
    transform = _build_transform(profile, mode)
    if transform is None:
        return None
    image = Image.fromarray(np.ascontiguousarray(pixels.squeeze(2) if mode == "L" else pixels))
    converted = ImageCms.applyTransform(image, transform)
    return None if converted is None else np.asarray(converted)


@lru_cache(maxsize=8)
def _build_transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError):  # some cameras write broken profiles; pixels are fine
        return None
