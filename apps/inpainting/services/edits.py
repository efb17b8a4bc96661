"""Edits are asked for, cancelled and tried again."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from gallery import policies
from gallery.models import Photo, Revision
from gallery.quotas import storage_require
from inpainting.engines import chosen_inpainter
from inpainting.job_kinds import RUN_NEXT_EDIT
from inpainting.models import Detection, Edit, Mask
from inpainting.quotas import edit_hold, edit_release, edit_require, user_hold
from inpainting.selectors import claimable_edits, newest_unfinished_edit
from inpainting.services.edit_work import edit_run
from inpainting.services.masks import mask_discard, mask_keep
from inpainting.services.selections import (
    Chosen,
    Selection,
    removal_label,
    resolve_selection,
)
from inpainting.turns import next_turn
from jobs.claims import QUEUED_AFRESH, claim_first, end_all, is_unattended
from jobs.models import State
from jobs.wakeups import send_wakeup_on_commit
from vision.forewarning import Forewarning
from web.errors import Fault, NotThere, Problem

__all__ = [
    "edit_cancel",
    "edit_claim_next",
    "edit_create",
    "edit_forewarnings",
    "edit_retry",
    "edit_run",
]

LARGEST_GROW = 200

_Bases = tuple[Revision | None, Edit | None]


def edit_create(
    *,
    user: User,
    photo: Photo,
    selection: Selection,
    inpainter: str = "",
    grow: int = 0,
    feather: int | None = None,
    base_revision: Revision | None = None,
    base_edit: Edit | None = None,
) -> Edit:
    """Ask for something to vanish. Without a base it builds on the newest unfinished edit, else
    on the photo's current revision; without a feather, only objects' masks fade in. The edit that
    is returned has its `forewarnings`.

    Raises Problem or vision.errors.MaskRejected when the selection or a setting makes no sense.
    """
    policies.require_editor(user, photo.album)
    _check_settings(grow, feather or 0)
    inpainter = chosen_inpainter(inpainter)
    _check_bases(photo, base_revision, base_edit)
    edit_require(user=user, photo=photo)
    storage_require(user=user, album=photo.album, more=1)
    chosen = resolve_selection(photo, selection, grow=grow)
    given = selection.mask if _is_only_mask(selection) else None
    edit = Edit(
        photo=photo,
        mask=given or mask_keep(user=user, photo=photo, pixels=chosen.pixels),
        inpainter=inpainter,
        grow=grow,
        feather=chosen.feather if feather is None else feather,
        label=removal_label(_names(chosen, selection), is_own_mask=chosen.is_own_mask),
        awaited=selection.awaited,
        created_by=user,
    )
    try:
        _queue(edit, user, chosen.detections, (base_revision, base_edit))
    except Exception:
        if given is None:
            mask_discard(edit.mask)
        raise
    edit.forewarnings = chosen.forewarnings
    return edit


@transaction.atomic
def _queue(edit: Edit, user: User, detections: Sequence[Detection], bases: _Bases) -> None:
    """Save the edit, if there still is room for it and what it needs."""
    edit_hold(user=user, photo=edit.photo)
    edit.photo = Photo.objects.select_for_update().get(pk=edit.photo_id)
    if not Mask.objects.filter(pk=edit.mask_id).exists():
        raise NotThere("mask")
    edit.base_revision, edit.base_edit = _base(edit.photo, *bases)
    edit.turn = next_turn(user)
    edit.save(force_insert=True)
    edit.detections.set(detections)
    send_wakeup_on_commit(RUN_NEXT_EDIT)


def edit_forewarnings(
    *, user: User, photo: Photo, selection: Selection, grow: int = 0
) -> Sequence[Forewarning]:
    """What `edit_create` would warn of, without asking for anything. Raises what it raises."""
    policies.require_editor(user, photo.album)
    _check_settings(grow, 0)
    return resolve_selection(photo, selection, grow=grow).forewarnings


@transaction.atomic
def edit_cancel(*, user: User, edit: Edit) -> Edit:
    """Stop an edit: at once when it waits, at the next step when it runs.

    Raises Problem (409) when it has ended already.
    """
    policies.require_editor(user, edit.photo.album)
    return edit_stop(edit)


@transaction.atomic
def edit_stop(edit: Edit) -> Edit:
    """Like `edit_cancel`, for admins."""
    now = timezone.now()
    # As `edit_create` does, in the same order: nobody may come to build on it meanwhile.
    if edit.created_by_id is not None:
        user_hold(edit.created_by_id).first()
    Photo.objects.select_for_update().get(pk=edit.photo_id)
    rows = Edit.objects.filter(pk=edit.pk)
    has_no_worker = Q(state=State.QUEUED) | is_unattended()
    if end_all(rows.filter(has_no_worker), State.CANCELLED, cancel_requested_at=now):
        _hand_base_on(edit)
        edit_release(edit)
    elif not rows.filter(state=State.RUNNING).update(cancel_requested_at=now):
        raise Problem("This edit has ended already.", code="edit_finished")
    edit.refresh_from_db()
    return edit


def _hand_base_on(edit: Edit) -> None:
    """Who waited for it waits for what it waited for, which may be at work still."""
    followers = Edit.objects.filter(base_edit=edit, state=State.QUEUED)
    for _ in range(
        followers.update(base_edit=edit.base_edit_id, base_revision=edit.base_revision_id)
    ):
        send_wakeup_on_commit(RUN_NEXT_EDIT)


@transaction.atomic
def edit_retry(edit: Edit) -> Edit:
    """Queue a failed or cancelled edit again, with all its attempts; for admins."""
    rows = Edit.objects.filter(pk=edit.pk, state__in=(State.FAILED, State.CANCELLED))
    if not rows.update(**QUEUED_AFRESH, queued_at=timezone.now()):
        raise Problem("Only a failed or cancelled edit can be tried again.", code="edit_not_failed")
    send_wakeup_on_commit(RUN_NEXT_EDIT)
    edit.refresh_from_db()
    return edit


def edit_claim_next() -> Edit | None:
    """Take the fairest claimable edit; None when there is none."""
    rows = Edit.objects.select_related("photo", "mask", "base_revision__photo", "created_by")
    return claim_first(claimable_edits(), rows)


def _check_settings(grow: int, feather: int) -> None:
    for name, value in (("grow", grow), ("feather", feather)):
        if not 0 <= value <= LARGEST_GROW:
            fault = Fault(
                f"Between 0 and {LARGEST_GROW}.",
                (name,),
                expected={"minimum": 0, "maximum": LARGEST_GROW},
                received=value,
            )
            raise Problem(
                f"{name} must be between 0 and {LARGEST_GROW} pixels.",
                code="setting_out_of_range",
                faults=[fault],
            )


def _is_only_mask(selection: Selection) -> bool:
    return selection.mask is not None and not replace(selection, mask=None).names_something


def _check_bases(photo: Photo, revision: Revision | None, edit: Edit | None) -> None:
    if revision is not None and edit is not None:
        message = "Name a base revision or a base edit, not both."
        raise Problem(message, code="two_bases", fields={"base_edit": [message]})
    if revision is not None and revision.photo_id != photo.pk:
        raise NotThere("revision of this photo", field="base_revision")
    if edit is not None and edit.photo_id != photo.pk:
        raise NotThere("edit of this photo", field="base_edit")


def _base(photo: Photo, revision: Revision | None, edit: Edit | None) -> _Bases:
    if revision is None and edit is None:
        edit = newest_unfinished_edit(photo)
        revision = None if edit else photo.current
    return revision, edit


def _names(chosen: Chosen, selection: Selection) -> list[str]:
    awaited = selection.labels if selection.awaited else ()
    return [*(row.label for row in chosen.detections), *awaited]
