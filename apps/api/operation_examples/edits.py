"""Detections, masks and edits."""

from api.operation_examples.problems import INVALID_BOX
from api.operation_examples.shape import (
    CREATED,
    DETECTION,
    EDIT,
    FINISHED,
    IMAGE_BYTES,
    LATER,
    MASK,
    MASK_BYTES,
    ORIGINAL,
    PHOTO,
    REVISION,
    RUN,
    SHA256,
    STARTED,
    Shown,
    one_page,
)

DETECTION_ROW = {
    "id": DETECTION,
    "label": "dog",
    "parents": ["animal"],
    "confidence": 0.93,
    "detector": "local",
    "box": {"x": 620, "y": 480, "width": 210, "height": 180},
    "outline": [[[620, 480], [830, 480], [830, 660], [620, 660]]],
    "outline_method": "grabcut",
    "shadow": [],
    "removed": False,
}
LOOK = {
    "state": "succeeded",
    "error": None,
    "detector": "local",
    "run": RUN,
    "next": None,
    "previous": None,
    "results": [DETECTION_ROW],
}
RUN_ROW = {
    "id": RUN,
    "photo": PHOTO,
    "state": "succeeded",
    "progress": 1.0,
    "queue_position": None,
    "detector": "local",
    "min_confidence": 0.5,
    "queued_at": CREATED,
    "started_at": STARTED,
    "finished_at": FINISHED,
    "error": None,
    "cancel_requested": False,
    "detections": f"/api/v1/photos/{PHOTO}/detections/",
}
QUEUED_RUN = RUN_ROW | {
    "state": "queued",
    "progress": 0.0,
    "queue_position": 1,
    "started_at": None,
    "finished_at": None,
}
MASK_ROW = {
    "id": MASK,
    "photo": PHOTO,
    "name": "the sign",
    "width": 1600,
    "height": 1200,
    "covered_pixels": 31_842,
    "sha256": SHA256,
    "created_at": CREATED,
    "file": f"/api/v1/masks/{MASK}/file/",
}
EDIT_ROW = {
    "id": EDIT,
    "photo": PHOTO,
    "state": "succeeded",
    "progress": 1.0,
    "label": "Removed dog",
    "inpainter": "hifill",
    "base_revision": ORIGINAL,
    "base_edit": None,
    "mask": MASK,
    "detections": [DETECTION],
    "grow": 0,
    "feather": 0,
    "created_at": CREATED,
    "started_at": STARTED,
    "finished_at": FINISHED,
    "queue_position": None,
    "revision": REVISION,
    "is_branch": False,
    "error": None,
    "cancel_requested": False,
}
QUEUED_EDIT = EDIT_ROW | {
    "state": "queued",
    "progress": 0.0,
    "started_at": None,
    "finished_at": None,
    "queue_position": 2,
    "revision": None,
}
WARNING = {
    "code": "hole_large",
    "message": "The hole covers a quarter of the photo: what comes in its place is guesswork.",
}
BY_LABEL = {"labels": ["dog"]}
BY_BOX = {"boxes": [{"x": 120, "y": 80, "width": 300, "height": 400}], "grow": 8}

SHOWN = {
    "detections_list": Shown(response=LOOK),
    "detections_again": Shown(
        requests={"Surer ones alone": {"detector": "local", "min_confidence": 0.5}},
        response=QUEUED_RUN,
        status=202,
        ended=RUN_ROW,
    ),
    "detection_runs_get": Shown(response=RUN_ROW),
    "detection_runs_cancel": Shown(
        response=QUEUED_RUN | {"state": "cancelled", "queue_position": None}, status=202
    ),
    "masks_list": one_page(MASK_ROW),
    "masks_create": Shown(
        requests={
            "Of a detection and a polygon": {
                "detections": [DETECTION],
                "polygons": [[[100, 80], [420, 80], [260, 300]]],
                "name": "the sign",
            }
        },
        forms={"A PNG": {"file": MASK_BYTES, "name": "the sign"}},
        response=MASK_ROW,
        status=201,
    ),
    "masks_get": Shown(response=MASK_ROW),
    "masks_rename": Shown(
        requests={"Another name": {"name": "the lamp"}}, response=MASK_ROW | {"name": "the lamp"}
    ),
    "masks_delete": Shown(),
    "masks_file": Shown(),
    "edits_list_all": one_page(EDIT_ROW),
    "edits_list": one_page(EDIT_ROW),
    "edits_create": Shown(
        requests={
            "By label": BY_LABEL,
            "By box": BY_BOX,
            "By polygon": {"polygons": [[[100, 80], [420, 80], [260, 300]]], "feather": 4},
            "By a mask that is kept": {"mask": MASK, "inpainter": "hifill"},
        },
        forms={"A mask of your own": {"mask_file": MASK_BYTES, "feather": 4}},
        response=QUEUED_EDIT | {"warnings": [WARNING]},
        status=202,
        ended=EDIT_ROW | {"warnings": [WARNING]},
        refusals={"A box without a width": INVALID_BOX},
    ),
    "vanish": Shown(
        forms={
            "By mask": {"image": IMAGE_BYTES, "mask": MASK_BYTES},
            "By label": {"image": IMAGE_BYTES, "labels": ["dog"], "format": "png"},
        },
        response=QUEUED_EDIT | {"warnings": [WARNING], "expires_at": LATER},
        status=202,
    ),
    "edits_forewarnings": Shown(
        requests={"By label": BY_LABEL, "By box": BY_BOX}, response={"warnings": [WARNING]}
    ),
    "edits_get": Shown(response=EDIT_ROW),
    "edits_cancel": Shown(
        response=QUEUED_EDIT
        | {"state": "cancelled", "queue_position": None, "finished_at": STARTED},
        status=202,
    ),
}
