"""The overview of the queues, for admins."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inpainting.engines import get_default_inpainter_name, get_detector_info, list_inpainter_infos
from inpainting.models import DetectionRun, Edit
from inpainting.selectors import summarize_queue
from inpainting.turns import TURN_ORDER
from jobs.models import State

MAX_ROWS = 25


@require_safe
def show_queue(request: HttpRequest) -> HttpResponse:
    """Show the waiting, running and failed edits, and the engines."""
    if not request.user.has_perm("inpainting.view_edit"):
        raise PermissionDenied
    edits = Edit.objects.select_related("photo", "created_by")
    context = admin.site.each_context(request) | {
        "title": "The queue at a glance",
        "now": timezone.now(),
        "queues": [summarize_queue(Edit, "Edits"), summarize_queue(DetectionRun, "Detection")],
        "states": State.values,
        "running": edits.filter(state=State.RUNNING).order_by("started_at"),
        "waiting": edits.filter(state=State.QUEUED).order_by(*TURN_ORDER)[:MAX_ROWS],
        "failed": edits.filter(state=State.FAILED).order_by("-finished_at")[:MAX_ROWS],
        "inpainters": list_inpainter_infos(),
        "default_inpainter": get_default_inpainter_name(),
        "detector": get_detector_info(),
    }
    return render(request, "admin/queue.html", context)
