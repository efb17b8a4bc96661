"""Rows that tests start with, created by the real services."""

from datetime import timedelta

import numpy as np
from django.utils import timezone

from accounts.models import User
from gallery.models import Album, AlbumMember, Photo, Role
from gallery.services import photo_upload
from inpainting.models import Detection, DetectionRun, Edit
from inpainting.services import PhotoSelection, edit_claim_next, edit_create, edit_run
from jobs.models import State
from tests import images
from vision import masks
from vision.detectors.base import Box

WIDTH, HEIGHT = 96, 64


def upload(user: User, *, album: Album | None = None, data: bytes | None = None) -> Photo:
    """Upload a small PNG to `user`'s album and mark its detection as succeeded."""
    photo = photo_upload(
        user=user,
        data=data or images.build_png(WIDTH, HEIGHT),
        filename="beach.png",
        album=album,
    )
    DetectionRun.objects.filter(photo=photo).update(state=State.SUCCEEDED)
    return photo


def share(album: Album, user: User, role: Role) -> AlbumMember:
    """Make `user` a member of `album`."""
    return AlbumMember.objects.create(album=album, user=user, role=role)


def create_detection(
    photo: Photo, label: str = "dog", *, x: int = 10, y: int = 10, shadow: bool = False
) -> Detection:
    """Create a detection of 20x16 pixels with a rectangular outline and, if wanted, a shadow."""
    corners = [[x, y], [x + 20, y], [x + 20, y + 16], [x, y + 16]]
    cast = [[x, y + 16], [x + 30, y + 16], [x + 30, y + 20], [x, y + 20]]
    return Detection.objects.create(
        photo=photo,
        detector="local",
        label=label,
        confidence=0.9,
        x=x,
        y=y,
        width=20,
        height=16,
        outline=[corners],
        outline_method="box",
        shadow=[cast] if shadow else [],
    )


def create_box_edit(photo: Photo, user: User, *, x: int = 10, **settings: object) -> Edit:
    """Queue an edit of a 12x10 box and return it."""
    selection = PhotoSelection(boxes=[Box(x=x, y=12, width=12, height=10)])
    return edit_create(user=user, photo=photo, selection=selection, **settings)  # type: ignore[arg-type]


def run_all_edits() -> list[Edit]:
    """Claim and run edits until none is left, and return them in the order in which they ran."""
    ran = []
    while (edit := edit_claim_next()) is not None:
        edit_run(edit)
        edit.refresh_from_db()
        ran.append(edit)
    return ran


def build_mask_png(*, width: int = WIDTH, height: int = HEIGHT, hole: Box | None = None) -> bytes:
    """Return a mask as PNG, with `hole` or empty; 255 = remove."""
    pixels = np.zeros((height, width), np.uint8)
    if hole is not None:
        pixels[hole.y : hole.y + hole.height, hole.x : hole.x + hole.width] = 255
    return masks.to_png(pixels)


def create_edits_after(first: Edit, number: int) -> None:
    """Create `number` copies of `first` in one statement, each a turn and a millisecond later."""
    now = timezone.now()
    Edit.objects.bulk_create(
        Edit(
            photo=first.photo,
            base_revision=first.base_revision,
            mask=first.mask,
            inpainter=first.inpainter,
            label="x",
            created_by=first.created_by,
            turn=first.turn + place,
            queued_at=now + timedelta(milliseconds=place),
        )
        for place in range(1, number + 1)
    )
