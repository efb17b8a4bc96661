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
    edit_retry,
    preview_edit_area,
)
from inpainting.services.masks import mask_create, mask_delete, mask_rename
from inpainting.services.outlines import outline_preview
from inpainting.services.selections import PhotoSelection
from inpainting.services.vanish import vanish_create, vanish_delete
from inpainting.services.variants import variant_create

__all__ = [
    "PhotoSelection",
    "detection_cancel",
    "detection_claim_next",
    "detection_request",
    "detection_run",
    "edit_cancel",
    "edit_claim_next",
    "edit_create",
    "edit_retry",
    "edit_run",
    "mask_create",
    "mask_delete",
    "mask_rename",
    "outline_preview",
    "preview_edit_area",
    "vanish_create",
    "vanish_delete",
    "variant_create",
]
