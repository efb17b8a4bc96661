"""The work on a claimed edit: open the photo, fill the mask, store the revision."""

import logging
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction

from config.tracing import start_span
from gallery.file_lifecycle import FileKeeper, save_files_with_rows
from gallery.files import patch_key
from gallery.models import Patch, Photo, Rendition, Revision
from gallery.renditions import (
    RenditionData,
    make_screen_renditions,
    render_canvas,
    store_renditions,
)
from gallery.services import revision_append
from inpainting import engines
from inpainting.job_kinds import RUN_NEXT_EDIT
from inpainting.mask_files import read_mask_pixels
from inpainting.models import Detection, Edit
from inpainting.selectors import (
    find_base_revision,
    find_variant_revision_ids,
    select_claimable_edits,
)
from inpainting.services.awaited_labels import awaited_labels_resolve
from inpainting.services.covered_detections import find_covered_detections
from jobs.claims import (
    LeaseHeartbeat,
    LeaseLost,
    end_after_error,
    end_job,
    end_job_without_result,
    is_cancel_requested,
)
from jobs.models import State
from jobs.progress import build_checkpoint
from jobs.wakeups import send_wakeup
from vision import patches as vision_patches
from vision.errors import Cancelled
from vision.images import Picture
from vision.inpainters.registry import load_inpainter
from vision.masks import grow
from vision.removal import remove

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger(__name__)


class Timings(dict[str, float]):
    """Seconds per step of the work."""

    @contextmanager
    def measure_step(self, name: str) -> "Iterator[None]":
        """Store how long the block takes under `name`."""
        start = time.monotonic()
        try:
            with start_span(name):
                yield
        finally:
            self[name] = round(time.monotonic() - start, 3)


def edit_run(edit: Edit) -> None:
    """Carry out a claimed edit and end it as succeeded, failed or cancelled, or queue it again."""
    timings = Timings()
    try:
        with LeaseHeartbeat(edit):
            _fill(edit, timings)
    except Cancelled:
        end_job_without_result(edit, State.CANCELLED, timings=timings)
    except FileNotFoundError:
        logger.exception("A file of %s is missing", edit)
        end_job_without_result(
            edit,
            State.FAILED,
            error_code="file_gone",
            error_message="A stored file of this photo is missing. Tell an administrator.",
            error_is_permanent=True,
            timings=timings,
        )
    except LeaseLost:
        logger.warning("%s was taken over by another worker or removed", edit)
    except Exception as error:  # noqa: BLE001  after any error the row must end
        message = "Something went wrong on our side. You can try again."
        end_after_error(edit, error, fallback_message=message, timings=timings)
    finally:
        # These need new messages: theirs were used up while they waited for this edit, or by an
        # earlier attempt.
        unblocked = select_claimable_edits().filter(base_edit=edit).count()
        has_retries = select_claimable_edits().filter(attempt__gt=0).exists()
        for _ in range(unblocked + has_retries):
            send_wakeup(RUN_NEXT_EDIT)


def _fill(edit: Edit, timings: Timings) -> None:
    checkpoint = build_checkpoint(edit)
    with timings.measure_step("open"):
        awaited_labels_resolve(edit)
        base = find_base_revision(edit)
        canvas = render_canvas(base, checkpoint=lambda share: checkpoint(0.05 * share))
        mask = read_mask_pixels(edit.mask)
    checkpoint(0.05)
    with timings.measure_step("load"):
        inpainter = load_inpainter(edit.inpainter, engines.get_model_store())
    with timings.measure_step("fill"):
        patches = remove(
            canvas,
            mask,
            inpainter,
            grow=edit.grow,
            feather=edit.feather,
            variant=edit.variant,
            checkpoint=lambda share: checkpoint(0.1 + 0.75 * share),
        )
    checkpoint(0.85)
    with timings.measure_step("render"):
        renditions = [] if edit.photo.album.is_temporary else _make_renditions(canvas, patches)
        checkpoint(0.92)
    covered = find_covered_detections(edit, grow(mask, edit.grow))
    _store(edit, base, patches, renditions, timings, covered=covered)


def _make_renditions(canvas: Picture, patches: list[vision_patches.Patch]) -> list[RenditionData]:
    result = canvas.with_pixels(vision_patches.apply(canvas.pixels, patches))
    return make_screen_renditions(result)


def _store(
    edit: Edit,
    base: Revision,
    patches: list[vision_patches.Patch],
    renditions: list[RenditionData],
    timings: Timings,
    *,
    covered: list[Detection],
) -> None:
    """Store the files, then the Revision, Photo.current and the Edit in one transaction."""
    with save_files_with_rows() as keeper:
        with timings.measure_step("store"):
            rows = [_store_patch(patch, keeper) for patch in patches]
            pictures = store_renditions(renditions, keeper)
        with transaction.atomic():
            _finish(edit, base, rows, pictures, timings)
            edit.covered_detections.set(covered)


def _finish(
    edit: Edit, base: Revision, patches: list[Patch], pictures: list[Rendition], timings: Timings
) -> None:
    # Lock the photo before the edit, in the order of `edit_stop` and of deleting a photo.
    Photo.objects.select_for_update().filter(pk=edit.photo_id).first()
    if is_cancel_requested(edit):
        raise Cancelled
    changes = {"progress": 1, "timings": timings, "error_code": "", "error_message": ""}
    with end_job(edit, State.SUCCEEDED, **changes):
        result = revision_append(
            edit=edit,
            parent=base,
            patches=patches,
            renditions=pictures,
            alternatives=find_variant_revision_ids(edit),
        )
        if result.is_branch:
            Edit.objects.filter(pk=edit.pk).update(is_branch=True)


def _store_patch(patch: vision_patches.Patch, keeper: FileKeeper) -> Patch:
    """Store the file of a patch and return its row, which is saved with the revision."""
    height, width = patch.alpha.shape
    png = patch.to_png()
    return Patch(
        x=patch.x,
        y=patch.y,
        width=width,
        height=height,
        file=keeper.save(patch_key(None, ""), png),
        file_bytes=len(png),
    )
