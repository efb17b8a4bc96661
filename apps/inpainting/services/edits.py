"""Edits: created, cancelled, tried again and claimed."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from gallery import policies
from gallery.models import Photo, Revision
from gallery.quotas import require_storage
from inpainting.engines import resolve_inpainter_name
from inpainting.job_kinds import RUN_NEXT_EDIT
from inpainting.mask_files import get_origin
from inpainting.models import Detection, Edit, Mask
from inpainting.quotas import lock_user, release_edit_quota, require_edit_quota, reserve_edit_quota
from inpainting.selectors import find_newest_unfinished_edit, select_claimable_edits
from inpainting.services.awaited_labels import defer_labels
from inpainting.services.masks import mask_discard, mask_store
from inpainting.services.selections import (
    PhotoSelection,
    ResolvedSelection,
    build_removal_label,
    resolve_selection,
)
from inpainting.turns import compute_next_turn
from jobs.claims import REQUEUE_COLUMNS, claim_first, end_all, is_unattended
from jobs.models import State
from jobs.wakeups import send_wakeup_on_commit
from web.errors import Fault, NotThere, Problem

MAX_GROW = 200

Bases = tuple[Revision | None, Edit | None]
"""What an edit builds on: a revision, or an edit that is unfinished."""


def edit_create(
    *,
    user: User,
    photo: Photo,
    selection: PhotoSelection,
    inpainter: str = "",
    grow: int | None = None,
    feather: int | None = None,
    base_revision: Revision | None = None,
    base_edit: Edit | None = None,
) -> Edit:
    """Create an edit that removes the selection, and queue it.

    Without a base it builds on the newest unfinished edit, else on the photo's current revision.
    Without `grow`, only mask files and saved masks grow. Without `feather`, only the masks of
    detected objects get a soft edge. Labels wait for the detection run if it has not ended; the
    worker looks them up then. The returned edit has its `forewarnings`. Raises Problem or
    vision.errors.MaskRejected if the selection or a setting cannot be used.
    """
    policies.require_editor(user, photo.album)
    _check_settings(grow or 0, feather or 0)
    inpainter = resolve_inpainter_name(inpainter)
    _check_bases(photo, base_revision, base_edit)
    require_edit_quota(user=user, photo=photo)
    require_storage(user=user, album=photo.album, additional_bytes=1)
    selection = defer_labels(photo, selection)
    area = resolve_selection(photo, selection, grow=grow)
    saved_mask = selection.mask if _is_only_mask(selection) else None
    edit = Edit(
        photo=photo,
        mask=saved_mask or _store_area(user, photo, area),
        inpainter=inpainter,
        grow=area.grow,
        feather=area.feather if feather is None else feather,
        label=build_removal_label(_list_labels(area, selection), is_own_mask=area.is_own_mask),
        awaited=selection.awaited,
        missing_labels=list(area.missing_labels),
        created_by=user,
    )
    try:
        queue_edit(edit, user, area.detections, (base_revision, base_edit))
    except Exception:
        if saved_mask is None:
            mask_discard(edit.mask)
        raise
    edit.forewarnings = area.forewarnings
    return edit


def _store_area(user: User, photo: Photo, area: ResolvedSelection) -> Mask:
    origin = get_origin(area.reading)
    return mask_store(user=user, photo=photo, pixels=area.pixels, origin=origin)


@transaction.atomic
def queue_edit(edit: Edit, user: User, detections: Sequence[Detection], bases: Bases) -> None:
    """Save a new edit and queue it, if the quotas still allow it and its mask still exists.

    Raises Problem (quotas) or NotThere (the mask).
    """
    reserve_edit_quota(user=user, photo=edit.photo)
    edit.photo = Photo.objects.select_for_update().get(pk=edit.photo_id)
    if not Mask.objects.filter(pk=edit.mask_id).exists():
        raise NotThere("mask")
    edit.base_revision, edit.base_edit = _choose_base(edit.photo, *bases)
    edit.turn = compute_next_turn(user)
    edit.save(force_insert=True)
    edit.detections.set(detections)
    send_wakeup_on_commit(RUN_NEXT_EDIT)


def preview_edit_area(
    *, user: User, photo: Photo, selection: PhotoSelection, grow: int | None = None
) -> ResolvedSelection:
    """Return what `edit_create` would remove, with its `forewarnings`, without creating an edit.

    Raises the errors of `edit_create`.
    """
    policies.require_editor(user, photo.album)
    _check_settings(grow or 0, 0)
    return resolve_selection(photo, selection, grow=grow)


@transaction.atomic
def edit_cancel(*, user: User, edit: Edit) -> Edit:
    """Cancel an edit: at once if it waits, at the next step if it runs.

    Raises Problem (409) if it has ended already.
    """
    policies.require_editor(user, edit.photo.album)
    return edit_stop(edit)


@transaction.atomic
def edit_stop(edit: Edit) -> Edit:
    """Cancel an edit like `edit_cancel`, without a check of rights; for admins."""
    now = timezone.now()
    # Lock in the same order as `edit_create`, so that no new edit can build on this one.
    if edit.created_by_id is not None:
        lock_user(edit.created_by_id).first()
    Photo.objects.select_for_update().get(pk=edit.photo_id)
    rows = Edit.objects.filter(pk=edit.pk)
    has_no_worker = Q(state=State.QUEUED) | is_unattended()
    if end_all(rows.filter(has_no_worker), State.CANCELLED, cancel_requested_at=now):
        _move_followers(edit)
        release_edit_quota(edit)
    elif not rows.filter(state=State.RUNNING).update(cancel_requested_at=now):
        raise Problem("This edit has ended already.", code="edit_finished")
    edit.refresh_from_db()
    return edit


def _move_followers(edit: Edit) -> None:
    """Let the edits that wait for this one build on its base, which may be unfinished too."""
    followers = Edit.objects.filter(base_edit=edit, state=State.QUEUED)
    for _ in range(
        followers.update(base_edit=edit.base_edit_id, base_revision=edit.base_revision_id)
    ):
        send_wakeup_on_commit(RUN_NEXT_EDIT)


@transaction.atomic
def edit_retry(edit: Edit) -> Edit:
    """Queue a failed or cancelled edit again, with all its attempts; for admins."""
    rows = Edit.objects.filter(pk=edit.pk, state__in=(State.FAILED, State.CANCELLED))
    if not rows.update(**REQUEUE_COLUMNS, queued_at=timezone.now()):
        raise Problem("Only a failed or cancelled edit can be tried again.", code="edit_not_failed")
    send_wakeup_on_commit(RUN_NEXT_EDIT)
    edit.refresh_from_db()
    return edit


def edit_claim_next() -> Edit | None:
    """Claim the next edit in fair order; return None if there is none."""
    rows = Edit.objects.select_related("photo__album", "mask", "base_revision__photo", "created_by")
    return claim_first(select_claimable_edits(), rows)


def _check_settings(grow: int, feather: int) -> None:
    for name, value in (("grow", grow), ("feather", feather)):
        if not 0 <= value <= MAX_GROW:
            fault = Fault(
                f"Between 0 and {MAX_GROW}.",
                (name,),
                expected={"minimum": 0, "maximum": MAX_GROW},
                received=value,
            )
            raise Problem(
                f"{name} must be between 0 and {MAX_GROW} pixels.",
                code="setting_out_of_range",
                faults=[fault],
            )


def _is_only_mask(selection: PhotoSelection) -> bool:
    return selection.mask is not None and not replace(selection, mask=None).names_something


def _check_bases(photo: Photo, revision: Revision | None, edit: Edit | None) -> None:
    if revision is not None and edit is not None:
        message = "Name a base revision or a base edit, not both."
        raise Problem(message, code="two_bases", fields={"base_edit": [message]})
    if revision is not None and revision.photo_id != photo.pk:
        raise NotThere("revision of this photo", field="base_revision")
    if edit is not None and edit.photo_id != photo.pk:
        raise NotThere("edit of this photo", field="base_edit")


def _choose_base(photo: Photo, revision: Revision | None, edit: Edit | None) -> Bases:
    if revision is None and edit is None:
        edit = find_newest_unfinished_edit(photo)
        revision = None if edit else photo.current
    return revision, edit


def _list_labels(area: ResolvedSelection, selection: PhotoSelection) -> list[str]:
    awaited = selection.labels if selection.awaited else ()
    return [*(row.label for row in area.detections), *awaited]
