"""Segmentation by DeepLabV3: which pixels show an object of a kind that Pascal VOC knows.

DeepLabV3 on MobileNetV2 at 257 px; Chen et al., arXiv 1706.05587.
"""

from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.detectors.labels import VOC
from vision.litert_session import open_litert_session
from vision.srgb import resize
from vision.weight_files import DEEPLAB

if TYPE_CHECKING:
    from vision.weights import ModelStore

SIDE = 257
OUTPUT = "ResizeBilinear_3"


class Segmentation:
    """The output of DeepLab for a picture and for its mirror image."""

    def __init__(self, rgb: NDArray[np.uint8], store: "ModelStore") -> None:
        """Run the network on `rgb`, [h,w,3] uint8.

        Raises WeightsMissing when the model file is not there.
        """
        session = open_litert_session(store.get_path(DEEPLAB.name))
        self._shape = rgb.shape[:2]
        scale = SIDE / max(self._shape)
        self._height, self._width = (max(1, round(side * scale)) for side in self._shape)
        square = np.zeros((SIDE, SIDE, 3), np.float32)
        small = resize(rgb, self._width, self._height)
        square[: self._height, : self._width] = small.astype(np.float32) / 127.5 - 1
        self._logits = [
            session.run(np.ascontiguousarray(view)[None])[OUTPUT][0]
            for view in (square, square[:, ::-1])
        ]

    def build_mask(self, classes: frozenset[str]) -> NDArray[np.bool_]:
        """Return where one of `classes` (names of `VOC`) is more likely than all others: [h,w]."""
        is_in_classes = np.array([name in classes for name in VOC])
        leads = [
            field[..., is_in_classes].max(axis=-1) - field[..., ~is_in_classes].max(axis=-1)
            for field in self._logits
        ]
        lead = (leads[0] + leads[1][:, ::-1])[: self._height, : self._width]
        height, width = self._shape
        resized = cv2.resize(np.ascontiguousarray(lead), (width, height))
        return np.asarray(resized > 0)
