"""Detection runs, and the objects that they found in a photo."""

import uuid

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.scopes import Resource
from api.exports import (
    COCO,
    FORMAT,
    JSON,
    LABEL_STUDIO,
    PNG,
    build_document_response,
    choose_export,
    describe_exports,
    describe_format,
)
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
from api.serializers.jobs import describe_error
from api.views.base import ApiView
from gallery.models import Photo
from gallery.responses import HARDENING_HEADERS
from gallery.selectors import get_photo
from inpainting.exporting import build_detection_regions, unite_regions
from inpainting.models import DetectionRun
from inpainting.selectors import find_removed_detection_ids, get_detection_run, select_detections
from inpainting.services import detection_cancel, detection_request
from vision.masks import to_png

LIST_FORMATS = (JSON, PNG, COCO, LABEL_STUDIO)


class DetectionsView(ListView):
    """The objects in a photo, and the run that finds them."""

    heavy_methods = ("POST",)
    resource = Resource.DETECTIONS
    serializer_class = DetectionSerializer
    filterset_class = DetectionFilters
    orderings = {"confidence": ("confidence", "-id"), "label": ("label", "id")}
    ordering = "-confidence"
    # The most that is allowed: the editor shows all objects.
    page_size = MAX_LIMIT

    @extend_schema(
        operation_id="detections_list",
        parameters=[describe_format(LIST_FORMATS)],
        responses={(200, "application/json"): DetectionsSerializer}
        | describe_exports(LIST_FORMATS[1:]),
    )
    def get(self, request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
        """The objects that the newest run found, most confident first, and its progress.

        Or their outlines: as JSON of COCO or Label Studio, or all together as a PNG, 255 = inside.
        """
        photo = get_photo(self.user, photo_id)
        name = choose_export(self.django_request, LIST_FORMATS)
        if name != JSON:
            return self._build_export(photo, name)
        run = DetectionRun.objects.filter(photo=photo).first()
        removed = find_removed_detection_ids(photo.current)
        body = self.list_rows(select_detections(photo), context={"removed": removed}).data
        results = body.pop("results")
        state = {
            "state": run and run.state,
            "error": run and describe_error(run),
            "detector": run.detector if run else "",
            "run": run and run.pk,
        }
        return Response({**body, **state, "results": results}, headers={"Vary": "Accept"})

    def list_parameters(self) -> list[str]:
        """Return the names of all parameters of the query."""
        return [*super().list_parameters(), FORMAT]

    def _build_export(self, photo: Photo, name: str) -> HttpResponseBase:
        """Build the response with all detections that the filters select, in another format."""
        shape = (photo.height, photo.width)
        rows = self.filter_queryset(select_detections(photo))
        regions = build_detection_regions(shape, rows)
        if name != PNG:
            return build_document_response(photo, name, regions)
        png = to_png(unite_regions(shape, regions))
        headers = HARDENING_HEADERS | {"Vary": "Accept"}
        return HttpResponse(png, content_type="image/png", headers=headers)

    @extend_schema(
        operation_id="detections_again",
        parameters=[PREFER],
        request=DetectionRequestSerializer,
        responses={200: DetectionRunSerializer, 202: DetectionRunSerializer},
    )
    def post(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Detect again, with another detector or threshold; editors may, while no run goes on."""
        photo = get_photo(self.user, photo_id)
        values = self.read_body(DetectionRequestSerializer)
        run = detection_request(
            user=self.user,
            photo=photo,
            detector=values["detector"],
            min_confidence=values.get("min_confidence"),
        )
        headers = wait_as_preferred(request, run)
        run = get_detection_run(self.user, run.pk)
        location = reverse("api-detection-run", args=[run.pk])
        return job_responses.build_created_response(
            DetectionRunSerializer(run).data, run, location=location, headers=headers
        )


class DetectionRunView(ApiView):
    """One detection run."""

    resource = Resource.DETECTIONS

    @extend_schema(
        operation_id="detection_runs_get", parameters=[PREFER], responses=DetectionRunSerializer
    )
    def get(self, request: Request, run_id: uuid.UUID) -> Response:
        """The run and its progress."""
        headers = wait_as_preferred(request, get_detection_run(self.user, run_id))
        run = get_detection_run(self.user, run_id)
        return job_responses.build_job_response(
            DetectionRunSerializer(run).data, run, headers=headers
        )

    @extend_schema(operation_id="detection_runs_cancel", responses={202: DetectionRunSerializer})
    def delete(self, request: Request, run_id: uuid.UUID) -> Response:
        """Stop it: at once while it is queued, at its next step while it runs."""
        run = detection_cancel(user=self.user, run=get_detection_run(self.user, run_id))
        run = get_detection_run(self.user, run.pk)
        return Response(DetectionRunSerializer(run).data, status=202)
