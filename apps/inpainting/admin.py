"""Edits, detection runs, detections and masks in the admin; jobs can be retried and cancelled."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import get_permission_codename
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gallery.admin import PartOfPhotoAdmin, render_thumbnail_tag
from inpainting import engines
from inpainting.models import Detection, DetectionRun, Edit, Mask
from inpainting.services.detections import detection_retry
from inpainting.services.edits import edit_retry, edit_stop
from web.errors import Problem

MISSING_CODES = {"weights_missing", "detector_unavailable", "inpainter_unavailable"}


class JobAdmin(PartOfPhotoAdmin):
    """The common columns and actions of edits and detection runs."""

    list_filter = ["state", "queued_at"]
    date_hierarchy = "queued_at"

    def has_control_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may change jobs; the permission to view them is not enough."""
        codename = get_permission_codename("change", self.opts)
        return request.user.has_perm(f"{self.opts.app_label}.{codename}")

    def apply_to_jobs(
        self,
        request: HttpRequest,
        jobs: QuerySet[Any],
        service: Callable[[Any], object],
        result: str,
    ) -> None:
        """Call `service` with each job; a Problem of one job becomes a warning and others go on.

        `result` is the end of the message about the others, like "queued again".
        """
        count = 0
        for job in jobs:
            try:
                service(job)
                count += 1
            except Problem as problem:
                self.message_user(request, f"{job}: {problem.message}", messages.WARNING)
        if count:
            self.message_user(request, f"{count} {result}.", messages.SUCCESS)

    @admin.display(description="Seconds")
    def seconds(self, job: Any) -> str:
        """Return how long the job ran, and how long each step took."""
        if not job.finished_at or not job.started_at:
            return ""
        steps = ", ".join(f"{name} {seconds:.2f}" for name, seconds in job.timings.items())
        total = (job.finished_at - job.started_at).total_seconds()
        return f"{total:.2f} ({steps})" if steps else f"{total:.2f}"

    @admin.display(description="Error")
    def error(self, job: Any) -> SafeString:
        """Return the error code and the message that the user sees, and which files are missing."""
        if not job.error_code:
            return format_html("{}", "")
        details = engines.list_missing_details() if job.error_code in MISSING_CODES else []
        return format_html("<b>{}</b> {} {}", job.error_code, job.error_message, " ".join(details))


@admin.register(Edit)
class EditAdmin(JobAdmin):
    """The list of edits, with state, timings and error."""

    list_display = [
        "label", "state", "error", "seconds", "result", "photo", "created_by",
        "queued_at", "attempt", "inpainter",
    ]  # fmt: skip
    search_fields = ["id", "label", "photo__title", "created_by__email"]
    list_filter = ["state", "inpainter", "queued_at"]
    list_select_related = ["photo", "created_by", "revision"]
    actions = ["retry", "cancel"]

    @admin.display(description="Result")
    def result(self, edit: Edit) -> SafeString:
        """Return a thumbnail of the revision that the edit made."""
        return render_thumbnail_tag(getattr(edit, "revision", None))

    @admin.action(description="Try again (failed or cancelled)", permissions=["control"])
    def retry(self, request: HttpRequest, edits: QuerySet[Edit]) -> None:
        """Queue the edits again."""
        self.apply_to_jobs(request, edits, edit_retry, "queued again")

    @admin.action(description="Cancel (queued or running)", permissions=["control"])
    def cancel(self, request: HttpRequest, edits: QuerySet[Edit]) -> None:
        """Cancel the edits."""
        self.apply_to_jobs(request, edits, edit_stop, "cancelled")


@admin.register(DetectionRun)
class DetectionRunAdmin(JobAdmin):
    """The list of detection runs."""

    list_display = ["photo", "state", "error", "seconds", "detector", "queued_at", "attempt"]
    search_fields = ["id", "photo__title"]
    list_filter = ["state", "detector", "queued_at"]
    list_select_related = ["photo"]
    actions = ["retry"]

    @admin.action(description="Detect objects again", permissions=["control"])
    def retry(self, request: HttpRequest, runs: QuerySet[DetectionRun]) -> None:
        """Queue the detection runs again."""
        self.apply_to_jobs(request, runs, detection_retry, "queued again")


@admin.register(Detection)
class DetectionAdmin(PartOfPhotoAdmin):
    """The objects that detectors found."""

    list_display = ["label", "confidence", "photo", "detector", "outline_method", "is_current"]
    list_filter = ["detector", "outline_method", "is_current"]
    search_fields = ["label", "photo__title"]
    list_select_related = ["photo"]


@admin.register(Mask)
class MaskAdmin(PartOfPhotoAdmin):
    """The masks that users saved or that edits use."""

    list_display = ["__str__", "photo", "width", "height", "covered_pixels", "created_at"]
    search_fields = ["name", "photo__title"]
    exclude = ["file"]  # the file has no public address
    list_select_related = ["photo"]
