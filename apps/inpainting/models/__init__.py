"""What was found, what goes, and the work of making it vanish."""

from inpainting.models.detections import Detection, DetectionRun
from inpainting.models.edits import Edit, Mask
from inpainting.models.quotas import PixelUse

__all__ = ["Detection", "DetectionRun", "Edit", "Mask", "PixelUse"]
