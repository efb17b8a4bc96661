"""The detectors and inpainters of this installation."""

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers.engines import EnginesSerializer
from api.views.base import ApiView
from inpainting import engines


class EnginesView(ApiView):
    """The inpainters and the detectors."""

    no_scope_because = "The engines are the same for everybody."

    @extend_schema(operation_id="engines", responses=EnginesSerializer)
    def get(self, request: Request) -> Response:
        """What can be used here, and what is missing for the rest."""
        body = {
            "inpainters": [asdict(info) for info in engines.list_inpainter_infos()],
            "default_inpainter": engines.get_default_inpainter_name(),
            "detector": asdict(engines.get_detector_info()),
            "detectors": [asdict(info) for info in engines.list_detector_infos()],
        }
        return Response(EnginesSerializer(body).data)
