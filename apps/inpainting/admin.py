"""The queue in the admin: edits and detection runs, with retry and cancel."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from config.errors import Problem
from gallery.admin import ReadOnlyAdmin, thumbnail_tag
from inpainting.models import Detection, DetectionRun, Edit, Mask
from inpainting.services.detections import detection_requeue
from inpainting.services.edits import edit_retry, edit_stop


class JobAdmin(ReadOnlyAdmin):
    """What edits and detection runs show alike."""

    list_filter = ["state", "queued_at"]
    date_hierarchy = "queued_at"

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Jobs go with their photo."""
        return False

    @admin.display(description="Seconds")
    def seconds(self, job: Any) -> str:
        """How long it ran, and what took it."""
        if not job.finished_at or not job.started_at:
            return ""
        steps = ", ".join(f"{name} {spent:.2f}" for name, spent in job.timings.items())
        total = (job.finished_at - job.started_at).total_seconds()
        return f"{total:.2f} ({steps})" if steps else f"{total:.2f}"

    @admin.display(description="Error")
    def error(self, job: Any) -> SafeString:
        """The cause and what the user was told."""
        if not job.error_code:
            return format_html("{}", "")
        return format_html("<b>{}</b> {}", job.error_code, job.error_message)


@admin.register(Edit)
class EditAdmin(JobAdmin):
    """Edits with state, timings and error."""

    list_display = [
        "label", "result", "photo", "created_by", "state", "attempt",
        "inpainter", "queued_at", "seconds", "error",
    ]  # fmt: skip
    search_fields = ["id", "label", "photo__title", "created_by__email"]
    list_filter = ["state", "inpainter", "queued_at"]
    list_select_related = ["photo", "created_by", "revision"]
    actions = ["retry", "cancel"]

    @admin.display(description="Result")
    def result(self, edit: Edit) -> SafeString:
        """What came out."""
        return thumbnail_tag(getattr(edit, "revision", None))

    @admin.action(description="Try again (failed or cancelled)", permissions=["view"])
    def retry(self, request: HttpRequest, edits: QuerySet[Edit]) -> None:
        """Queue again."""
        self._do_to_each(request, edits, edit_retry, "queued again")

    @admin.action(description="Cancel (queued or running)", permissions=["view"])
    def cancel(self, request: HttpRequest, edits: QuerySet[Edit]) -> None:
        """Stop."""
        self._do_to_each(request, edits, edit_stop, "cancelled")

    def _do_to_each(
        self, request: HttpRequest, edits: QuerySet[Edit], verb: Any, done: str
    ) -> None:
        number = 0
        for edit in edits:
            try:
                verb(edit)
                number += 1
            except Problem as problem:
                self.message_user(request, f"{edit}: {problem.message}", messages.WARNING)
        self.message_user(request, f"{number} {done}.")


@admin.register(DetectionRun)
class DetectionRunAdmin(JobAdmin):
    """Looks for objects."""

    list_display = ["photo", "detector", "state", "attempt", "queued_at", "seconds", "error"]
    search_fields = ["id", "photo__title"]
    list_filter = ["state", "detector", "queued_at"]
    list_select_related = ["photo"]
    actions = ["retry"]

    @admin.action(description="Look again", permissions=["view"])
    def retry(self, request: HttpRequest, runs: QuerySet[DetectionRun]) -> None:
        """Queue again."""
        for run in runs:
            detection_requeue(run)
        self.message_user(request, f"{len(runs)} queued again.")


@admin.register(Detection)
class DetectionAdmin(ReadOnlyAdmin):
    """What was found."""

    list_display = ["label", "confidence", "photo", "detector", "outline_method", "is_current"]
    list_filter = ["detector", "outline_method", "is_current"]
    search_fields = ["label", "photo__title"]
    list_select_related = ["photo"]


@admin.register(Mask)
class MaskAdmin(ReadOnlyAdmin):
    """What was marked."""

    list_display = ["__str__", "photo", "width", "height", "covered_pixels", "created_at"]
    search_fields = ["name", "photo__title"]
    list_select_related = ["photo"]
