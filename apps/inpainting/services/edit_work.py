"""What a worker does with a claimed edit: open, fill, keep."""

import logging
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction

from config.tracing import span
from gallery.files import patch_key
from gallery.keeping import FileKeeper, files_with_rows
from gallery.models import Patch, Photo, Rendition, Revision
from gallery.renditions import (
    RenditionData,
    canvas_of,
    make_screen_renditions,
    store_renditions,
)
from gallery.services import revision_append
from inpainting import engines
from inpainting.job_kinds import RUN_NEXT_EDIT
from inpainting.mask_files import mask_pixels
from inpainting.models import Edit
from inpainting.selectors import base_revision_of, claimable_edits
from inpainting.services.awaited_labels import labels_settle
from inpainting.services.watching import checkpoint_of, is_unwanted
from jobs.claims import (
    LeaseHeartbeat,
    LeaseLost,
    end_after_error,
    end_job,
    end_job_without_result,
)
from jobs.models import State
from jobs.wakeups import send_wakeup
from vision import patches as vision_patches
from vision.errors import Cancelled
from vision.inpainters.registry import load_inpainter
from vision.removal import remove

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger(__name__)


class Timings(dict[str, float]):
    """Seconds a step."""

    @contextmanager
    def step(self, name: str) -> "Iterator[None]":
        """Time the block as `name`."""
        started = time.monotonic()
        try:
            with span(name):
                yield
        finally:
            self[name] = round(time.monotonic() - started, 3)


def edit_run(edit: Edit) -> None:
    """Do the work of a claimed edit and end it: succeeded, failed, cancelled, or queued again."""
    timings = Timings()
    try:
        with LeaseHeartbeat(edit):
            _work(edit, timings)
    except Cancelled:
        end_job_without_result(edit, State.CANCELLED, timings=timings)
    except FileNotFoundError:
        logger.exception("A file of %s is gone", edit)
        gone = "A stored file of this photo is gone. Tell an administrator."
        end_job_without_result(
            edit,
            State.FAILED,
            error_code="file_gone",
            error_message=gone,
            error_is_permanent=True,
            timings=timings,
        )
    except LeaseLost:
        logger.warning("%s was taken over by another worker or removed", edit)
    except Exception as fault:  # noqa: BLE001  whatever it is, the row must end
        message = "Something went wrong on our side. You can try again."
        end_after_error(edit, fault, fallback_message=message, timings=timings)
    finally:
        # The rings of these were used up: while they waited for this one, or by an earlier try.
        unlocked = claimable_edits().filter(base_edit=edit).count()
        again = claimable_edits().filter(attempt__gt=0).exists()
        for _ in range(unlocked + again):
            send_wakeup(RUN_NEXT_EDIT)


def _work(edit: Edit, timings: Timings) -> None:
    look = checkpoint_of(edit)
    with timings.step("open"):
        labels_settle(edit)
        base = base_revision_of(edit)
        canvas = canvas_of(base, checkpoint=lambda share: look(0.05 * share))
        mask = mask_pixels(edit.mask)
    look(0.05)
    with timings.step("load"):
        inpainter = load_inpainter(edit.inpainter, engines.model_store())
    with timings.step("fill"):
        patches = remove(
            canvas,
            mask,
            inpainter,
            grow=edit.grow,
            feather=edit.feather,
            checkpoint=lambda share: look(0.1 + 0.75 * share),
        )
    look(0.85)
    with timings.step("render"):
        after = canvas.with_pixels(vision_patches.apply(canvas.pixels, patches))
        renditions = make_screen_renditions(after)
        look(0.92)
    _keep(edit, base, patches, renditions, timings)


def _keep(
    edit: Edit,
    base: Revision,
    patches: list[vision_patches.Patch],
    renditions: list[RenditionData],
    timings: Timings,
) -> None:
    """The files, then one transaction: Revision, Photo.current, Edit succeeded."""
    with files_with_rows() as keeper:
        with timings.step("store"):
            rows = [_stored(patch, keeper) for patch in patches]
            pictures = store_renditions(renditions, keeper)
        with transaction.atomic():
            _succeed(edit, base, rows, pictures, timings)


def _succeed(
    edit: Edit, base: Revision, patches: list[Patch], pictures: list[Rendition], timings: Timings
) -> None:
    # The photo before the edit, as for whoever stops the edit or deletes the photo.
    Photo.objects.select_for_update().filter(pk=edit.photo_id).first()
    if is_unwanted(edit):
        raise Cancelled
    done = {"progress": 1, "timings": timings, "error_code": "", "error_message": ""}
    with end_job(edit, State.SUCCEEDED, **done):
        appended = revision_append(edit=edit, parent=base, patches=patches, renditions=pictures)
        if appended.is_branch:
            Edit.objects.filter(pk=edit.pk).update(is_branch=True)


def _stored(patch: vision_patches.Patch, keeper: FileKeeper) -> Patch:
    """Its file is stored; its row comes with the revision's."""
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
