"""The detectors by name."""

from typing import TYPE_CHECKING

from vision.detectors.base import Detector
from vision.errors import VisionError

if TYPE_CHECKING:
    from vision.weights import ModelStore

DETECTORS = ("local", "rekognition")


def load_detector(
    name: str,
    store: "ModelStore",
    *,
    region: str | None = None,
    endpoint_url: str | None = None,
    min_confidence: float | None = None,
) -> Detector:
    """Return the detector called `name`; it opens its model or client at the first picture.

    Args:
        name: one of `DETECTORS`.
        store: where the local detector finds its model file.
        region: AWS region of Rekognition; see `RekognitionDetector`.
        endpoint_url: another address than AWS's own for Rekognition.
        min_confidence: least confidence, 0..1, of what is reported; None: the detector's default.

    Raises:
        VisionError: no detector has this name; code unknown_detector.
    """
    if name == "local":
        from vision.detectors.local import LocalDetector

        if min_confidence is None:
            return LocalDetector(store)
        return LocalDetector(store, min_confidence)
    if name == "rekognition":
        from vision.detectors.rekognition import RekognitionDetector

        if min_confidence is None:
            return RekognitionDetector(region, endpoint_url)
        return RekognitionDetector(region, endpoint_url, min_confidence)
    raise VisionError(
        f"There is no detector called “{name}”. Choose one of: {', '.join(DETECTORS)}.",
        code="unknown_detector",
        user_can_fix=False,
    )
