"""What an example is made of, and the ids and moments that all examples share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Body = Mapping[str, Any]

USER = "8f1f2f6c-6c3b-4a53-9d0e-2b6f1c6a7d10"
ALBUM = "5d1f0f53-5f3e-4c0b-8d3a-6f0b8f3c2a11"
MEMBER = "d2d0c5b6-94e6-4b8e-8a3d-1f6f5c7e9b12"
PHOTO = "0c9a4c1e-7b7d-4f0e-9d1b-3f2a5b6c8d13"
ORIGINAL = "a7b8c9d0-1e2f-4a3b-8c4d-5e6f7a8b9c14"
REVISION = "b4c5d6e7-f809-4a1b-9c2d-3e4f5a6b7c15"
DETECTION = "c1d2e3f4-a5b6-4c7d-8e9f-0a1b2c3d4e16"
MASK = "e5f6a7b8-c9d0-4e1f-8a2b-3c4d5e6f7a17"
EDIT = "f9a0b1c2-d3e4-4f5a-9b6c-7d8e9f0a1b18"
TOKEN = "1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c19"  # noqa: S105  an id
UPLOAD = "2b3c4d5e-6f7a-4b8c-9d0e-1f2a3b4c5d20"
RUN = "6f7a8b9c-0d1e-4f2a-9b3c-5d6e7f8a9b24"
LINK = "3c4d5e6f-7a8b-4c9d-8e0f-2a3b4c5d6e21"
WEBHOOK = "4d5e6f7a-8b9c-4d0e-9f1a-3b4c5d6e7f22"
DELIVERY = "5e6f7a8b-9c0d-4e1f-8a2b-4c5d6e7f8a23"
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

IMAGE_BYTES, MASK_BYTES = "(the bytes of beach.jpg)", "(the bytes of mask.png)"

CREATED = "2026-11-28T09:30:00.120000Z"
STARTED = "2026-11-28T09:30:00.480000Z"
FINISHED = "2026-11-28T09:30:03.910000Z"
LATER = "2026-12-28T09:30:00.120000Z"

IN_PATHS: Mapping[str, str | int] = {
    "album_id": ALBUM,
    "member_id": MEMBER,
    "photo_id": PHOTO,
    "revision_id": REVISION,
    "mask_id": MASK,
    "run_id": RUN,
    "edit_id": EDIT,
    "token_id": TOKEN,
    "upload_id": UPLOAD,
    "number": 1,
    "link_id": LINK,
    "example_id": "astronaut",
    "webhook_id": WEBHOOK,
    "delivery_id": DELIVERY,
}


@dataclass(frozen=True)
class Shown:
    """What an operation is sent and what it answers; bodies by a title of a few words.

    `ended` is answered with 200 by what otherwise answers 202, once the job has ended.
    """

    requests: Mapping[str, Body] = field(default_factory=dict)
    forms: Mapping[str, Body] = field(default_factory=dict)
    response: Body | None = None
    status: int = 200
    ended: Body | None = None
    refusals: Mapping[str, Body] = field(default_factory=dict)


def one_page(*rows: Body) -> Shown:
    """The answer of a list that has no further page."""
    return Shown(response={"next": None, "previous": None, "results": list(rows)})


def first_page(path: str, *rows: Body) -> Shown:
    """The answer of a list that goes on."""
    further = f"/api/v1/{path}?cursor=WyJuZXh0IixbXV0.c2lnbmF0dXJl"
    return Shown(response={"next": further, "previous": None, "results": list(rows)})
