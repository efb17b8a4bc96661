"""For load balancers and for whoever watches the platform."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from operations import health
from operations.metrics import metrics_text


@require_safe
def livez(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer while the process can answer at all; touch nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@cache_control(no_store=True)
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Whether requests can be served: 200, or 503 with the parts that are not well."""
    parts = health.health.parts()
    is_well = set(parts.values()) == {health.OK}
    status = {"status": health.OK if is_well else health.FAILED}
    return JsonResponse(status | parts, status=200 if is_well else 503)


@require_safe
@cache_control(no_store=True)
def metrics(request: HttpRequest) -> HttpResponse:
    """The platform's numbers, for who may see them; nobody else learns that they are here."""
    if not _may_see_metrics(request):
        raise Http404
    return HttpResponse(metrics_text(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_see_metrics(request: HttpRequest) -> bool:
    asked = request.headers.get("Authorization", "")
    token = settings.METRICS_TOKEN
    if token and constant_time_compare(asked, f"Bearer {token}"):
        return True
    user = request.user
    return user.is_staff and user.has_perm("inpainting.view_edit")
