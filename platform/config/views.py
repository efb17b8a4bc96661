"""Views that belong to no app."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def livez(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answers while the process can answer at all; touches nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")
