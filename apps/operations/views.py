"""The probes for load balancers, and the metrics for monitoring."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from operations import health
from operations.metrics import render_metrics


@require_safe
def livez(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Respond without any check: the process is alive when it can respond at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@cache_control(no_store=True)
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Respond with 200 when requests can be served, or else with 503; both list all parts."""
    parts = health.health.check_parts()
    is_ready = set(parts.values()) == {health.OK}
    status = {"status": health.OK if is_ready else health.FAILED}
    return JsonResponse(status | parts, status=200 if is_ready else 503)


@require_safe
@cache_control(no_store=True)
def metrics(request: HttpRequest) -> HttpResponse:
    """Respond with the platform's metrics; users without permission get 404."""
    if not _may_see_metrics(request):
        raise Http404
    return HttpResponse(render_metrics(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_see_metrics(request: HttpRequest) -> bool:
    authorization = request.headers.get("Authorization", "")
    token = settings.METRICS_TOKEN
    if token and constant_time_compare(authorization, f"Bearer {token}"):
        return True
    user = request.user
    return user.is_staff and user.has_perm("inpainting.view_edit")
