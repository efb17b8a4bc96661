"""Services for the history: each edit adds a revision; undo, redo and restore move a pointer."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from gallery import policies
from gallery.models import Patch, Photo, Rendition, Revision
from gallery.renditions import add_renditions
from gallery.selectors import collect_ancestor_ids, find_redo_target
from gallery.services.shared_revisions import shared_revisions_keep
from web.errors import Problem

if TYPE_CHECKING:
    from inpainting.models import Edit


@dataclass(frozen=True)
class AppendResult:
    """The new revision; `is_branch` when the photo's current revision was no longer its parent."""

    revision: Revision
    is_branch: bool


def revision_append(
    *,
    edit: "Edit",
    parent: Revision,
    patches: Sequence[Patch],
    renditions: Sequence[Rendition],
    alternatives: Collection[uuid.UUID] = (),
) -> AppendResult:
    """Add the revision that `edit` made; `current` moves only if it is still `parent`.

    It also moves from one of `alternatives`, the revisions of other tries of the same edit.
    The files of the patches and renditions are already stored; this saves their rows. Runs in the
    caller's transaction, which also ends the edit.
    """
    photo = Photo.objects.select_for_update().get(pk=edit.photo_id)
    highest = photo.revisions.aggregate(highest=Max("number"))["highest"] or 0
    revision = Revision.objects.create(
        photo=photo,
        number=highest + 1,
        parent=parent,
        edit=edit,
        label=edit.label,
        created_by=edit.created_by,
    )
    for index, patch in enumerate(patches):
        patch.revision, patch.index = revision, index
        patch.save(force_insert=True)
    add_renditions(revision, renditions)
    photo.added_bytes += sum(patch.file_bytes or 0 for patch in patches)
    is_branch = photo.current_id != parent.pk and photo.current_id not in alternatives
    if not is_branch:
        if photo.current_id != parent.pk:
            shared_revisions_keep(photo)
        photo.current = photo.tip = revision
    photo.save(update_fields=["added_bytes", "current", "tip"])
    return AppendResult(revision, is_branch)


@transaction.atomic
def photo_undo(*, user: User, photo: Photo) -> Photo:
    """Make the parent of the current revision current. Raises Problem at the original."""
    photo = _lock_photo(user, photo)
    if photo.current is None or photo.current.parent is None:
        raise Problem("This is the original: nothing to undo.", code="nothing_to_undo")
    shared_revisions_keep(photo)
    photo.current = photo.current.parent
    photo.save(update_fields=["current"])
    return photo


@transaction.atomic
def photo_redo(*, user: User, photo: Photo) -> Photo:
    """Make the next revision towards the tip current. Raises Problem when there is none."""
    photo = _lock_photo(user, photo)
    target = find_redo_target(photo)
    if target is None:
        raise Problem("There is nothing to redo.", code="nothing_to_redo")
    photo.current = target
    photo.save(update_fields=["current"])
    return photo


@transaction.atomic
def revision_restore(*, user: User, revision: Revision) -> Photo:
    """Make any revision current; the tip for redo stays when the revision lies on its line."""
    photo = _lock_photo(user, revision.photo)
    shared_revisions_keep(photo)
    photo.current = revision
    if photo.tip is None or revision.pk not in collect_ancestor_ids(photo.tip):
        photo.tip = revision
    photo.save(update_fields=["current", "tip"])
    return photo


def _lock_photo(user: User, photo: Photo) -> Photo:
    policies.require_editor(user, photo.album)
    return Photo.objects.select_for_update().get(pk=photo.pk)
