"""Saliency: how surely each pixel belongs to the object that stands out, whatever its kind.

U²-Net-p at 320 px; Qin et al., "U²-Net", Pattern Recognition 2020, arXiv 2005.09007.
"""

from threading import Lock
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.errors import OutlineFailed
from vision.onnx_session import open_onnx_session
from vision.srgb import resize
from vision.weight_files import U2NETP

if TYPE_CHECKING:
    from vision.weights import ModelStore

SIDE = 320
OUTPUT = "1959"
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
ONE_AT_A_TIME = Lock()  # a run needs about 200 MB
MAX_THREADS = 2  # the others are for other workers


def compute_saliency(rgb: NDArray[np.uint8], store: "ModelStore") -> NDArray[np.float32]:
    """Return the saliency of each pixel, 0..1: [h,w] float32.

    Args:
        rgb: [h,w,3] uint8 sRGB; the network sees it stretched to a square.
        store: where U²-Net-p's file is.

    Raises:
        WeightsMissing: the model file is not there.
        OutlineFailed: ONNX Runtime is not installed or does not load; code outlines_unavailable.
    """
    path = store.get_path(U2NETP.name)
    try:
        session = open_onnx_session(path, max_threads=MAX_THREADS, keeps_memory=False)
    except ImportError as error:
        reason = f"ONNX Runtime, which runs U²-Net-p, does not load here ({error})."
        raise build_unavailable_error(reason) from error
    small = resize(rgb, SIDE, SIDE).astype(np.float32)
    # As in training: brightness relative to the brightest value of the picture.
    scaled = small / max(1.0, float(small.max()))
    planes = ((scaled - MEAN) / DEVIATION).transpose(2, 0, 1)
    inputs = {session.get_inputs()[0].name: np.ascontiguousarray(planes)[None]}
    with ONE_AT_A_TIME:
        (result,) = session.run([OUTPUT], inputs)
    height, width = rgb.shape[:2]
    saliency = np.ascontiguousarray(np.asarray(result, np.float32)[0, 0])
    return np.asarray(cv2.resize(saliency, (width, height)), np.float32)


def build_unavailable_error(reason: str) -> OutlineFailed:
    """Return the error for a site without saliency; `reason` is for administrators."""
    return OutlineFailed(
        "Objects can't be selected with a click on this site. Paint what should go.",
        detail=reason,
        code="outlines_unavailable",
        user_can_fix=False,
    )
