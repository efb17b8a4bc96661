"""Labels that a selection names: known to the detector, and found in the photo."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from gallery.models import Photo
from inpainting.models import Detection, DetectionRun
from inpainting.selectors import find_removed_detection_ids, select_detections
from jobs.models import UNFINISHED, State
from vision.label_names import (
    ACCEPTED_LABELS,
    describe_missing,
    describe_unsupported,
    find_near_labels,
    find_unsupported_labels,
    match_labels,
)
from web.errors import Fault, Problem

RETRY_SECONDS = "2"


@dataclass(frozen=True)
class LabelledObjects:
    """The detections that labels name.

    Attributes:
        found: they have a place and were not removed yet.
        missing: labels that name none.
        others: the labels of all objects that can be removed from the photo.
    """

    found: Sequence[Detection] = ()
    missing: Sequence[str] = ()
    others: Sequence[str] = ()

    def describe_missing(self) -> str:
        """Return sentences about the missing labels; an empty text if there are none."""
        return describe_missing(self.missing, self.others) if self.missing else ""


def check_labels_supported(labels: Sequence[str], run: DetectionRun | None = None) -> None:
    """Raise Problem (label_unsupported) for labels that the detector can never find.

    The detector is that of the photo's run, else the one of the settings.
    """
    unsupported = find_unsupported_labels(labels, run.detector if run else settings.DETECTOR)
    if not unsupported:
        return
    near = {label: find_near_labels(label, ACCEPTED_LABELS) for label in unsupported}
    faults = [
        Fault(
            describe_unsupported(label),
            ("labels", list(labels).index(label)),
            expected=near[label] or list(ACCEPTED_LABELS),
            received=label,
        )
        for label in unsupported
    ]
    raise Problem(
        faults[0].detail,
        code="label_unsupported",
        faults=faults,
        members={"near_labels": near},
    )


def get_detection_run(photo: Photo) -> DetectionRun | None:
    """Return the photo's detection run, if it has one."""
    return DetectionRun.objects.filter(photo=photo).first()


def require_detection(photo: Photo, run: DetectionRun | None) -> None:
    """Raise Problem if the photo's objects are not known; `run` is its detection run.

    Codes: detection_unfinished, or detection_cancelled if the run has ended without a result.
    """
    if run is not None and run.state in UNFINISHED:
        raise Problem(
            "Object detection is still running: try again in a moment.",
            code="detection_unfinished",
            headers={"Retry-After": RETRY_SECONDS},
        )
    has_no_result = run is None or run.state != State.SUCCEEDED
    if has_no_result and not select_detections(photo).exists():
        reason = run.error_message if run else ""
        raise Problem(
            reason or "Object detection was cancelled, so no object is known by its label.",
            code="detection_cancelled",
        )


def find_labelled(photo: Photo, labels: Sequence[str]) -> LabelledObjects:
    """Return the detections in the photo's current state that have one of the labels."""
    removed_ids = find_removed_detection_ids(photo.current)
    rows = [row for row in select_detections(photo) if row.has_place and row.pk not in removed_ids]
    match = match_labels(labels, rows)
    return LabelledObjects(match.found, match.missing, sorted({row.label for row in rows}))


def build_not_found(labelled: LabelledObjects) -> Problem:
    """Build the refusal of labels that name no object of the photo."""
    missing, others = labelled.missing, list(labelled.others)
    near = {label: find_near_labels(label, others) for label in missing}
    faults = [
        Fault(describe_missing([label], others), ("labels",), expected=others, received=label)
        for label in missing
    ]
    return Problem(
        labelled.describe_missing(),
        code="label_not_found",
        faults=faults,
        members={"near_labels": near},
    )
