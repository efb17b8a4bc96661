"""States of a photo, and their pictures."""

from api.operation_examples.photos import PHOTO_ROW, revision_links
from api.operation_examples.shape import (
    CREATED,
    EDIT,
    FINISHED,
    ORIGINAL,
    REVISION,
    Shown,
    one_page,
)

REVISION_ROW = revision_links(REVISION, 1) | {
    "parent": ORIGINAL,
    "edit": EDIT,
    "label": "Removed dog",
    "created_at": FINISHED,
    "children": [],
    "is_current": True,
    "is_on_line": True,
    "width": 1600,
    "height": 1200,
}
ORIGINAL_ROW = REVISION_ROW | {
    **revision_links(ORIGINAL, 0),
    "parent": None,
    "edit": None,
    "label": "Original",
    "created_at": CREATED,
    "children": [REVISION],
    "is_current": False,
}

SHOWN = {
    "revisions_list": one_page(REVISION_ROW, ORIGINAL_ROW),
    "revisions_get": Shown(response=REVISION_ROW),
    "revisions_restore": Shown(response=PHOTO_ROW),
    "revisions_thumbnail": Shown(),
    "revisions_preview": Shown(),
    "revisions_download": Shown(),
}
