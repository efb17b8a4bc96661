"""Masks are kept, uploaded or made from a selection; renamed, and deleted again."""

import hashlib

import numpy as np
from django.db import transaction

from accounts.models import User
from gallery import policies
from gallery.files import mask_key
from gallery.keeping import delete_files_on_commit, files_with_rows
from gallery.models import Photo
from gallery.quotas import add_bytes, storage_hold
from inpainting.mask_files import MaskPixels
from inpainting.models import Edit, Mask
from inpainting.services.selections import Selection, resolve_selection
from vision import masks as vision_masks
from web.errors import NotThere, Problem

NAME_LENGTH = 120


def mask_make(*, user: User, photo: Photo, selection: Selection, name: str = "") -> Mask:
    """Keep what a selection names, an uploaded mask among it. Raises what that may raise."""
    policies.require_editor(user, photo.album)
    pixels = resolve_selection(photo, selection).pixels
    return mask_keep(user=user, photo=photo, pixels=pixels, name=name)


@transaction.atomic
def mask_rename(*, user: User, mask: Mask, name: str) -> Mask:
    """Give a mask another name, or none; editors may."""
    policies.require_editor(user, mask.photo.album)
    mask.name = name.strip()[:NAME_LENGTH]
    mask.save(update_fields=["name"])
    return mask


@transaction.atomic
def mask_delete(*, user: User, mask: Mask) -> None:
    """Delete a mask that no edit was made with; editors may. Raises Problem (409) otherwise."""
    policies.require_editor(user, mask.photo.album)
    # As `edit_create` does: nobody may come to use it meanwhile.
    Photo.objects.select_for_update().get(pk=mask.photo_id)
    if Edit.objects.filter(mask=mask).exists():
        raise Problem(
            "An edit was made with this mask: it stays as long as the photo's history.",
            code="mask_in_use",
        )
    mask_remove(mask)


@transaction.atomic
def mask_discard(mask: Mask) -> None:
    """Take back a mask kept for an edit that did not come to be, unless another has it now."""
    is_there = Photo.objects.select_for_update().filter(pk=mask.photo_id).exists()
    if is_there and Mask.objects.filter(pk=mask.pk, edits=None).exists():
        mask_remove(mask)


def mask_remove(mask: Mask) -> None:
    """Like `mask_delete`, where no edit has it; in a transaction that holds the photo's row."""
    add_bytes(mask.photo, -(mask.file_bytes or 0))
    delete_files_on_commit([str(mask.file.name)])
    mask.delete()


def mask_keep(
    *,
    user: User | None,
    photo: Photo,
    pixels: MaskPixels,
    name: str = "",
    is_promised: bool = False,
) -> Mask:
    """Keep a selection's pixels ([H, W] uint8, 255 = remove, or none yet) as a row and a PNG.

    What `is_promised`, as part of an edit that was asked for before, is kept beyond the quota too.
    Raises Problem quota_storage.
    """
    png = vision_masks.to_png(pixels)
    with files_with_rows() as keeper:
        name_of_file = keeper.save(mask_key(None, ""), png)
        with transaction.atomic():
            if not is_promised:
                storage_hold(user=user, album=photo.album, more=len(png))
            if not Photo.objects.select_for_update().filter(pk=photo.pk).exists():
                raise NotThere("photo")
            add_bytes(photo, len(png))
            return Mask.objects.create(
                photo=photo,
                name=name.strip()[:NAME_LENGTH],
                file=name_of_file,
                width=photo.width,
                height=photo.height,
                sha256=hashlib.sha256(png).hexdigest(),
                file_bytes=len(png),
                covered_pixels=int(np.count_nonzero(pixels)),
                created_by=user,
            )
