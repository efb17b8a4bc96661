"""Services that change detections, masks and edits."""

from inpainting.services.detections import (
    detection_cancel,
    detection_claim_next,
    detection_request,
    detection_run,
)
from inpainting.services.edit_work import edit_run
from inpainting.services.edits import (
    edit_cancel,
    edit_claim_next,
    edit_create,
    edit_forewarnings,
    edit_retry,
)
from inpainting.services.masks import mask_delete, mask_make, mask_rename
from inpainting.services.selections import Selection
from inpainting.services.vanish import vanish, vanish_forget

__all__ = [
    "Selection",
    "detection_cancel",
    "detection_claim_next",
    "detection_request",
    "detection_run",
    "edit_cancel",
    "edit_claim_next",
    "edit_create",
    "edit_forewarnings",
    "edit_retry",
    "edit_run",
    "mask_delete",
    "mask_make",
    "mask_rename",
    "vanish",
    "vanish_forget",
]
