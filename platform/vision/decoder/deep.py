"""More than 8 bits a channel, which Pillow cuts to 8 (colours) or leaves as they lie (greys)."""

from typing import Any

from PIL import Image, TiffImagePlugin

from vision.decoder import rejection
from vision.decoder.canvas import Rows

_SAMPLES_TAG, _BITS_TAG, _PHOTOMETRIC_TAG, _PLANAR_TAG, _EXTRA_TAG = 277, 258, 262, 284, 338
_WHITE_IS_ZERO, _RGB, _SEPARATE_PLANES, _STRAIGHT_ALPHA, _UNSPECIFIED = 0, 2, 2, 2, 0
# OpenCV's channel order -> ours
_ORDER = {"LA": [0, 3], "RGB": [2, 1, 0], "RGBA": [2, 1, 0, 3]}


def bits_per_channel(image: Image.Image, data: bytes) -> int:
    """As the header of a PNG or TIFF says; 8 for other formats."""
    if image.format == "PNG":
        return data[24]
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        return int(max(image.tag_v2.get(_BITS_TAG, (1,))))
    return 8


def is_deep_grey(image: Image.Image) -> bool:
    """Whether Pillow keeps its greys of more than 8 bits: see `decode_deep_grey`."""
    return image.mode.startswith("I;16")


def deep_mode(image: Image.Image, data: bytes) -> str | None:
    """The canvas mode of a picture with 16 bits a channel that OpenCV reads right, else None.

    Raises PictureRejected for those nobody reads right.
    """
    if bits_per_channel(image, data) <= 8 or is_deep_grey(image):
        return None
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        return _deep_mode_of_tiff(image)
    if image.mode == "RGBA":
        is_grey = data[25] & 2 == 0
        return "LA" if is_grey else "RGBA"
    return "RGBA" if "transparency" in image.info else "RGB"


def _deep_mode_of_tiff(image: TiffImagePlugin.TiffImageFile) -> str | None:
    tags = image.tag_v2
    bits = set(tags.get(_BITS_TAG, (1,)))
    if bits != {16}:
        raise rejection.unsupported(f"TIFFs with {max(bits)} bits a channel can't be opened")
    if tags.get(_SAMPLES_TAG, 1) == 1 or tags.get(_PHOTOMETRIC_TAG) != _RGB:
        return None
    if tags.get(_PLANAR_TAG) == _SEPARATE_PLANES:
        raise rejection.unsupported("TIFFs with 16 bits in separate planes can't be opened")
    extra = tags.get(_EXTRA_TAG, ())
    if extra in ((), (_UNSPECIFIED,)):
        return "RGB"
    return "RGBA" if extra == (_STRAIGHT_ALPHA,) else None


class ArrayRows:
    """The rows of an array [H,W,C] uint16, its channels put into the order named."""

    dtype = "<u2"

    def __init__(self, array: Any, order: list[int]) -> None:
        self._array = array
        self._order = order
        self.shape = (array.shape[0], array.shape[1], len(order))

    def strip(self, top: int, bottom: int) -> bytes:
        """See `vision.decoder.canvas.Rows`."""
        strip = self._array[top:bottom, :, self._order]
        return bytes(strip.astype("<u2", copy=False).tobytes())


def decode_deep(data: bytes, mode: str, orientation: int) -> tuple[Rows, str] | None:
    """(the canvas's rows, the decoder's name), or None where OpenCV can't.

    `mode`: from `deep_mode`; `orientation`: as in EXIF.
    """
    import cv2
    import numpy as np

    try:
        array = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        if error.code == cv2.Error.StsNoMem:
            raise MemoryError from error
        return None
    if array is None or array.dtype != np.uint16 or array.ndim != 3:
        return None
    if array.shape[2] <= max(_ORDER[mode]):
        return None
    return ArrayRows(_upright(array, orientation), _ORDER[mode]), f"opencv-{cv2.__version__}"


def decode_deep_grey(image: Image.Image, bits: int, orientation: int) -> tuple[Rows, str]:
    """(the canvas's rows, "L" or "LA") of a loaded picture in one of Pillow's modes I;16.

    Pillow leaves the byte order, the range of fewer than 16 `bits`, a TIFF's white at 0, and a
    PNG's transparent grey as they are in the file.
    """
    import numpy as np

    stored = np.frombuffer(image.tobytes(), ">u2" if image.mode == "I;16B" else "<u2")
    grey = stored.reshape(image.height, image.width, 1).astype(np.uint16)
    if bits < 16:
        widened = (grey << (16 - bits)) | (grey >> (2 * bits - 16))
        grey = widened.astype(np.uint16)
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        if image.tag_v2.get(_PHOTOMETRIC_TAG) == _WHITE_IS_ZERO:
            grey = ~grey
    elif (clear := image.info.get("transparency")) is not None:
        alpha = np.where(grey == clear, np.uint16(0), np.uint16(65535))
        grey = np.concatenate([grey, alpha], axis=2)
    channels = grey.shape[2]
    return ArrayRows(_upright(grey, orientation), list(range(channels))), ("L", "LA")[channels - 1]


def _upright(array: Any, orientation: int) -> Any:
    import numpy as np

    if orientation >= 5:
        array = array.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        array = np.flip(array, 1)
    if orientation in (3, 4, 7, 8):
        array = np.flip(array, 0)
    return array
