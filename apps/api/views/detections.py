"""What was found in a photo."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ApiView
from api.serializers.detections import DetectionsSerializer
from api.serializers.jobs import error_of
from gallery.models import Photo
from gallery.selectors import photo_for
from inpainting.models import DetectionRun
from inpainting.selectors import detections_of, removed_detection_ids
from inpainting.services import detection_request


class DetectionsView(ApiView):
    """The look for objects in a photo."""

    @extend_schema(operation_id="detections_list", responses=DetectionsSerializer)
    def get(self, request: Request, photo_id: uuid.UUID) -> Response:
        """What the newest look found, surest first, and how far the look is."""
        return _answer(photo_for(self.user, photo_id))

    @extend_schema(
        operation_id="detections_again", request=None, responses={202: DetectionsSerializer}
    )
    def post(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Look again; editors may, while no look is under way."""
        photo = photo_for(self.user, photo_id)
        detection_request(user=self.user, photo=photo)
        return _answer(photo, status=202)


def _answer(photo: Photo, status: int = 200) -> Response:
    run = DetectionRun.objects.filter(photo=photo).first()
    found = {
        "state": run and run.state,
        "error": run and error_of(run),
        "detector": run.detector if run else "",
        "results": detections_of(photo),
    }
    removed = removed_detection_ids(photo.current)
    return Response(DetectionsSerializer(found, context={"removed": removed}).data, status=status)
