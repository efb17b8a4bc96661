"""What was found in a photo."""

import uuid

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.scopes import Resource
from api.http import job_responses
from api.http.pagination import MAX_LIMIT
from api.http.waiting import PREFER, wait_as_preferred
from api.lists.filtersets import DetectionFilters
from api.lists.views import ListView
from api.serializers.detections import (
    DetectionRequestSerializer,
    DetectionRunSerializer,
    DetectionSerializer,
    DetectionsSerializer,
)
from api.serializers.jobs import error_of
from api.views.base import ApiView
from gallery.selectors import photo_for
from inpainting.models import DetectionRun
from inpainting.selectors import detection_run_for, detections_of, removed_detection_ids
from inpainting.services import detection_cancel, detection_request


class DetectionsView(ListView):
    """The look for objects in a photo."""

    heavy_methods = ("POST",)
    resource = Resource.DETECTIONS
    serializer_class = DetectionSerializer
    filterset_class = DetectionFilters
    orderings = {"confidence": ("confidence", "-id"), "label": ("label", "id")}
    ordering = "-confidence"
    # As many as there can be at once: the editor shows them all.
    page_size = MAX_LIMIT

    @extend_schema(operation_id="detections_list", responses=DetectionsSerializer)
    def get(self, request: Request, photo_id: uuid.UUID) -> Response:
        """What the newest look found, surest first, and how far the look is."""
        photo = photo_for(self.user, photo_id)
        run = DetectionRun.objects.filter(photo=photo).first()
        removed = removed_detection_ids(photo.current)
        body = self.list_rows(detections_of(photo), context={"removed": removed}).data
        results = body.pop("results")
        state = {
            "state": run and run.state,
            "error": run and error_of(run),
            "detector": run.detector if run else "",
            "run": run and run.pk,
        }
        return Response({**body, **state, "results": results})

    @extend_schema(
        operation_id="detections_again",
        parameters=[PREFER],
        request=DetectionRequestSerializer,
        responses={200: DetectionRunSerializer, 202: DetectionRunSerializer},
    )
    def post(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Look again, with another detector or threshold; editors may, while no look goes on."""
        photo = photo_for(self.user, photo_id)
        asked = self.asked(DetectionRequestSerializer)
        run = detection_request(
            user=self.user,
            photo=photo,
            detector=asked["detector"],
            min_confidence=asked.get("min_confidence"),
        )
        applied = wait_as_preferred(request, run)
        run = detection_run_for(self.user, run.pk)
        here = reverse("api-detection-run", args=[run.pk])
        return job_responses.started(
            DetectionRunSerializer(run).data, run, location=here, headers=applied
        )


class DetectionRunView(ApiView):
    """One look for objects."""

    resource = Resource.DETECTIONS

    @extend_schema(
        operation_id="detection_runs_get", parameters=[PREFER], responses=DetectionRunSerializer
    )
    def get(self, request: Request, run_id: uuid.UUID) -> Response:
        """The look and how far it is."""
        applied = wait_as_preferred(request, detection_run_for(self.user, run_id))
        run = detection_run_for(self.user, run_id)
        return job_responses.looked_at(DetectionRunSerializer(run).data, run, headers=applied)

    @extend_schema(operation_id="detection_runs_cancel", responses={202: DetectionRunSerializer})
    def delete(self, request: Request, run_id: uuid.UUID) -> Response:
        """Stop it: at once while it is queued, at its next step while it runs."""
        run = detection_cancel(user=self.user, run=detection_run_for(self.user, run_id))
        told = DetectionRunSerializer(detection_run_for(self.user, run.pk)).data
        return Response(told, status=202)
