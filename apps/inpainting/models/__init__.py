"""The rows of this app: detections, masks, edits, and the jobs that make them."""

from inpainting.models.detections import Detection, DetectionRun
from inpainting.models.edits import Edit, Mask
from inpainting.models.quotas import PixelUse

__all__ = ["Detection", "DetectionRun", "Edit", "Mask", "PixelUse"]
