"""The queue in the admin: edits and detection runs, with retry and cancel."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import get_permission_codename
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gallery.admin import PartOfPhotoAdmin, thumbnail_tag
from inpainting.models import Detection, DetectionRun, Edit, Mask
from inpainting.services.detections import detection_requeue
from inpainting.services.edits import edit_retry, edit_stop
from web.errors import Problem


class JobAdmin(PartOfPhotoAdmin):
    """What edits and detection runs show alike."""

    list_filter = ["state", "queued_at"]
    date_hierarchy = "queued_at"

    def has_steer_permission(self, request: HttpRequest) -> bool:
        """Whoever could change a job may queue and cancel it; to look at it is not enough."""
        codename = get_permission_codename("change", self.opts)
        return request.user.has_perm(f"{self.opts.app_label}.{codename}")

    def steer(
        self,
        request: HttpRequest,
        jobs: QuerySet[Any],
        verb: Callable[[Any], object],
        done: str,
    ) -> None:
        """Do `verb` to each job; a job that refuses does not stop the others."""
        number = 0
        for job in jobs:
            try:
                verb(job)
                number += 1
            except Problem as problem:
                self.message_user(request, f"{job}: {problem.message}", messages.WARNING)
        if number:
            self.message_user(request, f"{number} {done}.", messages.SUCCESS)

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
        "label", "state", "error", "seconds", "result", "photo", "created_by",
        "queued_at", "attempt", "inpainter",
    ]  # fmt: skip
    search_fields = ["id", "label", "photo__title", "created_by__email"]
    list_filter = ["state", "inpainter", "queued_at"]
    list_select_related = ["photo", "created_by", "revision"]
    actions = ["retry", "cancel"]

    @admin.display(description="Result")
    def result(self, edit: Edit) -> SafeString:
        """What came out."""
        return thumbnail_tag(getattr(edit, "revision", None))

    @admin.action(description="Try again (failed or cancelled)", permissions=["steer"])
    def retry(self, request: HttpRequest, edits: QuerySet[Edit]) -> None:
        """Queue again."""
        self.steer(request, edits, edit_retry, "queued again")

    @admin.action(description="Cancel (queued or running)", permissions=["steer"])
    def cancel(self, request: HttpRequest, edits: QuerySet[Edit]) -> None:
        """Stop."""
        self.steer(request, edits, edit_stop, "cancelled")


@admin.register(DetectionRun)
class DetectionRunAdmin(JobAdmin):
    """Looks for objects."""

    list_display = ["photo", "state", "error", "seconds", "detector", "queued_at", "attempt"]
    search_fields = ["id", "photo__title"]
    list_filter = ["state", "detector", "queued_at"]
    list_select_related = ["photo"]
    actions = ["retry"]

    @admin.action(description="Look again", permissions=["steer"])
    def retry(self, request: HttpRequest, runs: QuerySet[DetectionRun]) -> None:
        """Queue again."""
        self.steer(request, runs, detection_requeue, "queued again")


@admin.register(Detection)
class DetectionAdmin(PartOfPhotoAdmin):
    """What was found."""

    list_display = ["label", "confidence", "photo", "detector", "outline_method", "is_current"]
    list_filter = ["detector", "outline_method", "is_current"]
    search_fields = ["label", "photo__title"]
    list_select_related = ["photo"]


@admin.register(Mask)
class MaskAdmin(PartOfPhotoAdmin):
    """What was marked."""

    list_display = ["__str__", "photo", "width", "height", "covered_pixels", "created_at"]
    search_fields = ["name", "photo__title"]
    exclude = ["file"]  # it has no public address
    list_select_related = ["photo"]
