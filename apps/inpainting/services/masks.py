"""Masks: stored from a selection or an upload, renamed, and deleted."""

import hashlib

import numpy as np
from django.db import transaction

from accounts.models import User
from gallery import policies
from gallery.file_lifecycle import delete_files_on_commit, save_files_with_rows
from gallery.files import mask_key
from gallery.models import Photo
from gallery.quotas import add_bytes, lock_storage
from inpainting.mask_files import NO_FILE, MaskOrigin, MaskPixels, get_origin
from inpainting.models import Edit, Mask
from inpainting.services.selections import PhotoSelection, resolve_selection
from vision import masks as vision_masks
from web.errors import NotThere, Problem

MAX_NAME_LENGTH = 120


def mask_create(*, user: User, photo: Photo, selection: PhotoSelection, name: str = "") -> Mask:
    """Store a selection, which may contain an uploaded mask. Raises as `resolve_selection`."""
    policies.require_editor(user, photo.album)
    area = resolve_selection(photo, selection)
    return mask_store(
        user=user, photo=photo, pixels=area.pixels, origin=get_origin(area.reading), name=name
    )


@transaction.atomic
def mask_rename(*, user: User, mask: Mask, name: str) -> Mask:
    """Change or remove the name of a mask. Only editors may."""
    policies.require_editor(user, mask.photo.album)
    mask.name = name.strip()[:MAX_NAME_LENGTH]
    mask.save(update_fields=["name"])
    return mask


@transaction.atomic
def mask_delete(*, user: User, mask: Mask) -> None:
    """Delete a mask. Only editors may. Raises Problem (409) if an edit uses it."""
    policies.require_editor(user, mask.photo.album)
    # Lock the photo, as `edit_create` does, so that no new edit can use the mask.
    Photo.objects.select_for_update().get(pk=mask.photo_id)
    if Edit.objects.filter(mask=mask).exists():
        raise Problem(
            "An edit was made with this mask: it stays as long as the photo's history.",
            code="mask_in_use",
        )
    delete_unused_mask(mask)


@transaction.atomic
def mask_discard(mask: Mask) -> None:
    """Delete the mask of an edit that could not be created, unless another edit uses it."""
    has_photo = Photo.objects.select_for_update().filter(pk=mask.photo_id).exists()
    if has_photo and Mask.objects.filter(pk=mask.pk, edits=None).exists():
        delete_unused_mask(mask)


def delete_unused_mask(mask: Mask) -> None:
    """Delete a mask that no edit uses. The caller has locked the photo's row in a transaction."""
    add_bytes(mask.photo, -(mask.file_bytes or 0))
    delete_files_on_commit([str(mask.file.name)])
    mask.delete()


def mask_store(
    *,
    user: User | None,
    photo: Photo,
    pixels: MaskPixels,
    origin: MaskOrigin = NO_FILE,
    name: str = "",
    ignore_quota: bool = False,
) -> Mask:
    """Store pixels ([H, W] uint8, 255 = remove, may all be 0) as a row and a PNG file.

    `origin` says how the mask file was read that they come from, if they do.
    Raises Problem quota_storage if the quota is used up, unless `ignore_quota`, which is
    for the mask of an edit that was accepted before.
    """
    png = vision_masks.to_png(pixels)
    with save_files_with_rows() as keeper:
        file_name = keeper.save(mask_key(None, ""), png)
        with transaction.atomic():
            if not ignore_quota:
                lock_storage(user=user, album=photo.album, additional_bytes=len(png))
            if not Photo.objects.select_for_update().filter(pk=photo.pk).exists():
                raise NotThere("photo")
            add_bytes(photo, len(png))
            return Mask.objects.create(
                photo=photo,
                name=name.strip()[:MAX_NAME_LENGTH],
                file=file_name,
                width=photo.width,
                height=photo.height,
                sha256=hashlib.sha256(png).hexdigest(),
                file_bytes=len(png),
                covered_pixels=int(np.count_nonzero(pixels)),
                convention=origin.convention,
                notes=list(origin.notes),
                created_by=user,
            )
