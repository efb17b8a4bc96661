"""Detectors by name."""

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
) -> Detector:
    """The detector called `name`; its model or client is opened at the first picture.

    Args:
        name: one of `DETECTORS`.
        store: where the local detector finds its model file.
        region: AWS region of Rekognition; see `RekognitionDetector`.
        endpoint_url: another address than AWS's own for Rekognition.

    Raises:
        VisionError: no detector has this name; code unknown_detector.
    """
    if name == "local":
        from vision.detectors.local import LocalDetector

        return LocalDetector(store)
    if name == "rekognition":
        from vision.detectors.rekognition import RekognitionDetector

        return RekognitionDetector(region=region, endpoint_url=endpoint_url)
    raise VisionError(
        f"There is no detector called “{name}”. Choose one of: {', '.join(DETECTORS)}.",
        code="unknown_detector",
        user_can_mend=False,
    )
