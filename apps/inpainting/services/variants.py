"""Other tries of an edit: the same mask on the same base, filled in another way."""

from django.db import transaction

from accounts.models import User
from gallery import policies
from gallery.quotas import require_storage
from inpainting.engines import list_inpainter_infos, resolve_inpainter_name
from inpainting.models import Edit
from inpainting.quotas import require_edit_quota
from inpainting.selectors import find_base_revision, select_variants
from inpainting.services.edits import queue_edit
from jobs.models import State
from vision.inpainters.registry import count_variants
from web.errors import Problem


@transaction.atomic
def variant_create(*, user: User, edit: Edit, inpainter: str = "") -> Edit:
    """Queue another try of an edit, with the next result that nobody has asked for yet.

    Its result takes the place of the edit's own if that is still the current revision; else it is
    kept beside the line. Without `inpainter`, the same one is used as long as it has more results,
    then another one that can be used here.

    Raises Problem: edit_without_result (409), if the edit made no revision; no_more_variants
    (409); and those of `edit_create` about inpainters and quotas.
    """
    policies.require_editor(user, edit.photo.album)
    first = edit.variant_of or edit
    if edit.state != State.SUCCEEDED:
        raise Problem(
            "This edit has no result yet, so there is nothing to try again.",
            code="edit_without_result",
        )
    require_edit_quota(user=user, photo=edit.photo)
    require_storage(user=user, album=edit.photo.album, additional_bytes=1)
    name, variant = _choose_result(edit, inpainter)
    variant_edit = Edit(
        photo=edit.photo,
        mask=first.mask,
        inpainter=name,
        variant=variant,
        variant_of=first,
        grow=first.grow,
        feather=first.feather,
        label=first.label,
        missing_labels=first.missing_labels,
        created_by=user,
    )
    base = find_base_revision(first)
    queue_edit(variant_edit, user, list(first.detections.all()), (base, None))
    return variant_edit


def _choose_result(edit: Edit, inpainter: str) -> tuple[str, int]:
    """Return the name of an inpainter and the number of its next result."""
    if inpainter:
        names = [resolve_inpainter_name(inpainter)]
    else:
        others = [info.name for info in list_inpainter_infos() if info.available]
        names = sorted(others, key=lambda name: name != edit.inpainter)
    used = set(
        select_variants(edit)
        .exclude(state__in=(State.FAILED, State.CANCELLED))
        .values_list("inpainter", "variant")
    )
    for name in names:
        for variant in range(count_variants(name)):
            if (name, variant) not in used:
                return name, variant
    raise Problem(
        "All results that this site can make of this mask are in the history already. Change what "
        "is marked, or choose another way to fill it.",
        code="no_more_variants",
    )
