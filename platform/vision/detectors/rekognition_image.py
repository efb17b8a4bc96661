"""Pictures within the limits of Rekognition: JPEG, at most 5 MB, 80..10,000 px a side.

https://docs.aws.amazon.com/rekognition/latest/dg/limits.html
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.srgb import convert_to_srgb, resize

if TYPE_CHECKING:
    from vision.images import Picture

MOST_BYTES = 5 * 2**20
SHORTEST_SIDE = 80
LONGEST_SIDE = 4096  # 10,000 are allowed, but a larger photo seldom fits into 5 MB
QUALITY = 90
SHRINK = 0.75


@dataclass(frozen=True)
class SentImage:
    """The image that is sent, and the relation of its pixels to the picture's.

    Attributes:
        jpeg: the encoded image.
        width, height: its size in px; the picture lies at the top left, the rest is padding.
        scale: px of the image for one px of the picture.
        picture_width, picture_height: the picture's size in px.
    """

    jpeg: bytes
    width: int
    height: int
    scale: float
    picture_width: int
    picture_height: int


def encode_for_rekognition(picture: "Picture") -> SentImage:
    """Return `picture` as 8-bit sRGB JPEG, shrunk, enlarged or padded to fit the limits."""
    height, width = picture.pixels.shape[:2]
    scale = min(1.0, LONGEST_SIDE / max(width, height))
    if min(width, height) * scale < SHORTEST_SIDE:
        scale = min(SHORTEST_SIDE / min(width, height), LONGEST_SIDE / max(width, height))
    while True:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        rgb = _pad(convert_to_srgb(resize(picture.pixels, *size), picture.icc_profile))
        jpeg = _encode_jpeg(rgb)
        if len(jpeg) <= MOST_BYTES:
            return SentImage(jpeg, rgb.shape[1], rgb.shape[0], scale, width, height)
        scale *= SHRINK


def _pad(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Repeat the last row and column until both sides have `SHORTEST_SIDE` px."""
    below, right = (max(0, SHORTEST_SIDE - side) for side in rgb.shape[:2])
    result = cv2.copyMakeBorder(rgb, 0, below, 0, right, cv2.BORDER_REPLICATE)
    return np.asarray(result, np.uint8)


def _encode_jpeg(rgb: NDArray[np.uint8]) -> bytes:
    """Encode an [H,W,3] uint8 RGB picture."""
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    _, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return jpeg.tobytes()
