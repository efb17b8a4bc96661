"""The verbs of making something vanish."""

from inpainting.services.detections import detection_claim_next, detection_request, detection_run
from inpainting.services.edits import (
    edit_cancel,
    edit_claim_next,
    edit_create,
    edit_forewarnings,
    edit_retry,
    edit_run,
)
from inpainting.services.masks import Selection, mask_save

__all__ = [
    "Selection",
    "detection_claim_next",
    "detection_request",
    "detection_run",
    "edit_cancel",
    "edit_claim_next",
    "edit_create",
    "edit_forewarnings",
    "edit_retry",
    "edit_run",
    "mask_save",
]
