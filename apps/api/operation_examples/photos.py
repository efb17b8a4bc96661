"""Photos."""

from typing import Any

from api.operation_examples.shape import (
    ALBUM,
    CREATED,
    IMAGE_BYTES,
    ORIGINAL,
    PHOTO,
    REVISION,
    SHA256,
    Shown,
    first_page,
)


def revision_links(revision_id: str, number: int) -> dict[str, Any]:
    """Where to see and get a revision."""
    root = f"/api/v1/revisions/{revision_id}"
    return {
        "id": revision_id,
        "number": number,
        "thumbnail": f"{root}/thumbnail/",
        "preview": f"{root}/preview/",
        "download": f"{root}/download/",
    }


def renditions(revision_id: str) -> list[dict[str, Any]]:
    """The small pictures of a state."""
    root = f"/api/v1/revisions/{revision_id}"
    sizes = {"thumbnail": (480, 360), "preview": (1600, 1200)}
    return [
        {"kind": kind, "url": f"{root}/{kind}/", "width": width, "height": height}
        for kind, (width, height) in sizes.items()
    ]


PHOTO_ROW = {
    "id": PHOTO,
    "title": "beach",
    "filename": "beach.jpg",
    "album": ALBUM,
    "format": "JPEG",
    "mode": "RGB;8",
    "width": 1600,
    "height": 1200,
    "sha256": SHA256,
    "bytes": 512_000,
    "created_at": CREATED,
    "credit": "",
    "notes": [],
    "metadata": {
        "profile": "sRGB IEC61966-2.1",
        "dpi": [72, 72],
        "camera": "FUJIFILM X-T5",
        "lens": "XF23mmF1.4 R LM WR",
        "taken_at": "2026-11-21T16:40:12",
        "has_location": False,
    },
    "role": "owner",
    "can_edit": True,
    "original": f"/api/v1/photos/{PHOTO}/original/",
    "current": revision_links(REVISION, 1),
    "renditions": renditions(REVISION),
    "original_revision": revision_links(ORIGINAL, 0),
    "can_undo": True,
    "can_redo": False,
    "detection_state": "succeeded",
    "unfinished_edits": 0,
    "url": f"/photos/{PHOTO}/",
}
NEW_PHOTO = PHOTO_ROW | {
    "current": revision_links(ORIGINAL, 0),
    "renditions": renditions(ORIGINAL),
    "can_undo": False,
    "detection_state": "queued",
}

SHOWN = {
    "photos_list": first_page("photos/", PHOTO_ROW),
    "photos_create": Shown(
        requests={
            "From the public web": {"url": "https://www.example.com/beach.jpg", "album": ALBUM},
            "An example": {"example": "astronaut"},
        },
        forms={"A file": {"file": IMAGE_BYTES, "title": "beach"}},
        response=NEW_PHOTO,
        status=201,
    ),
    "photos_get": Shown(response=PHOTO_ROW),
    "photos_change": Shown(
        requests={"Another title": {"title": "Empty beach"}},
        response=PHOTO_ROW | {"title": "Empty beach"},
    ),
    "photos_delete": Shown(),
    "photos_original": Shown(),
    "photos_undo": Shown(response=NEW_PHOTO | {"can_redo": True, "detection_state": "succeeded"}),
    "photos_redo": Shown(response=PHOTO_ROW),
}
