"""More than 8 bits a channel: Pillow reduces colours to 8, and greys to no common form."""

from typing import Any

from PIL import Image, TiffImagePlugin

from vision.decoder import rejection
from vision.decoder.canvas import Rows
from vision.decoder.png import strip_png

_SAMPLES_TAG, _BITS_TAG, _PHOTOMETRIC_TAG, _PLANAR_TAG, _EXTRA_TAG = 277, 258, 262, 284, 338
_WHITE_IS_ZERO, _RGB, _SEPARATE_PLANES, _STRAIGHT_ALPHA, _UNSPECIFIED = 0, 2, 2, 2, 0
# Indices of OpenCV's channels (BGRA) in our order.
_ORDER = {"LA": [0, 3], "RGB": [2, 1, 0], "RGBA": [2, 1, 0, 3]}


def get_bits_per_channel(image: Image.Image, data: bytes) -> int:
    """Read the bits per channel from the header of a PNG or TIFF; 8 for other formats."""
    if image.format == "PNG":
        return data[24]
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        return int(max(image.tag_v2.get(_BITS_TAG, (1,))))
    return 8


def is_deep_grey(image: Image.Image) -> bool:
    """Return whether Pillow opened it as grey of more than 8 bits: see `decode_deep_grey`."""
    return image.mode.startswith("I;16")


def find_deep_mode(image: Image.Image, data: bytes) -> str | None:
    """Return the canvas mode of a 16-bit picture that OpenCV reads correctly, else None.

    Raises PictureRejected for pictures that neither OpenCV nor Pillow reads correctly.
    """
    if get_bits_per_channel(image, data) <= 8 or is_deep_grey(image):
        return None
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        return _find_tiff_mode(image)
    if image.mode == "RGBA":
        is_grey = data[25] & 2 == 0
        return "LA" if is_grey else "RGBA"
    return "RGBA" if "transparency" in image.info else "RGB"


def _find_tiff_mode(image: TiffImagePlugin.TiffImageFile) -> str | None:
    tags = image.tag_v2
    bits = set(tags.get(_BITS_TAG, (1,)))
    if bits != {16}:
        raise rejection.build_unsupported_error(
            f"TIFFs with {max(bits)} bits a channel can't be opened"
        )
    if tags.get(_SAMPLES_TAG, 1) == 1 or tags.get(_PHOTOMETRIC_TAG) != _RGB:
        return None
    if tags.get(_PLANAR_TAG) == _SEPARATE_PLANES:
        raise rejection.build_unsupported_error(
            "TIFFs with 16 bits in separate planes can't be opened"
        )
    extra = tags.get(_EXTRA_TAG, ())
    if extra in ((), (_UNSPECIFIED,)):
        return "RGB"
    return "RGBA" if extra == (_STRAIGHT_ALPHA,) else None


class ArrayRows:
    """The rows of an array [H,W,C] uint16, with its channels in the given order."""

    dtype = "<u2"

    def __init__(self, array: Any, order: list[int]) -> None:
        self._array = array
        self._order = order
        self.shape = (array.shape[0], array.shape[1], len(order))

    def read_strip(self, top: int, bottom: int) -> bytes:
        """Return rows as `vision.decoder.canvas.Rows.read_strip` does."""
        strip = self._array[top:bottom, :, self._order]
        return bytes(strip.astype("<u2", copy=False).tobytes())


def decode_deep(data: bytes, mode: str, orientation: int) -> tuple[Rows, str] | None:
    """Return (the canvas's rows, the decoder's name), or None where OpenCV can't decode it.

    `mode`: from `find_deep_mode`; `orientation`: as in EXIF.
    """
    import cv2
    import numpy as np

    try:
        # Without a PNG's other chunks: for some that are damaged, OpenCV refuses the whole file.
        still = strip_png(data) if data.startswith(b"\x89PNG") else data
        array = cv2.imdecode(np.frombuffer(still, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        if error.code == cv2.Error.StsNoMem:
            raise MemoryError from error
        return None
    if array is None or array.dtype != np.uint16 or array.ndim != 3:
        return None
    if array.shape[2] <= max(_ORDER[mode]):
        return None
    rows = ArrayRows(_apply_orientation(array, orientation), _ORDER[mode])
    return rows, f"opencv-{cv2.__version__}"


def decode_deep_grey(image: Image.Image, bits: int, orientation: int) -> tuple[Rows, str]:
    """Return (the canvas's rows, "L" or "LA") of a loaded picture in one of Pillow's modes I;16.

    Pillow keeps the file's byte order, its range where it has fewer than 16 `bits`, a TIFF's white
    at 0, and a PNG's transparent grey value: all of that is normalized here.
    """
    import numpy as np

    values = np.frombuffer(image.tobytes(), ">u2" if image.mode == "I;16B" else "<u2")
    grey = values.reshape(image.height, image.width, 1).astype(np.uint16)
    if bits < 16:
        scaled = (grey << (16 - bits)) | (grey >> (2 * bits - 16))
        grey = scaled.astype(np.uint16)
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        if image.tag_v2.get(_PHOTOMETRIC_TAG) == _WHITE_IS_ZERO:
            grey = ~grey
    elif (transparent := image.info.get("transparency")) is not None:
        alpha = np.where(grey == transparent, np.uint16(0), np.uint16(65535))
        grey = np.concatenate([grey, alpha], axis=2)
    channels = grey.shape[2]
    rows = ArrayRows(_apply_orientation(grey, orientation), list(range(channels)))
    return rows, ("L", "LA")[channels - 1]


def _apply_orientation(array: Any, orientation: int) -> Any:
    import numpy as np

    if orientation >= 5:
        array = array.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        array = np.flip(array, 1)
    if orientation in (3, 4, 7, 8):
        array = np.flip(array, 0)
    return array
