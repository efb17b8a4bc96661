"""Edits: the jobs that remove something from a photo."""

import uuid

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.scopes import Resource
from api.http import job_responses
from api.http.waiting import PREFER, wait_as_preferred
from api.lists.filtersets import AllEditFilters, EditFilters
from api.lists.views import ListView
from api.references import find_referenced
from api.selections import build_selection
from api.serializers.edits import (
    CreatedEditSerializer,
    EditRequestSerializer,
    EditSerializer,
    ForewarningsRequestSerializer,
    ForewarningsSerializer,
    VariantRequestSerializer,
)
from api.views.base import ApiView, FileApiView
from gallery.selectors import get_photo, get_revision
from inpainting.mask_files import get_origin
from inpainting.selectors import (
    add_queue_positions,
    get_edit,
    get_mask,
    include_detections,
    include_revision,
    select_edits,
    select_photo_edits,
)
from inpainting.services import edit_cancel, edit_create, preview_edit_area, variant_create


class EditListView(ListView):
    """A list of edits."""

    resource = Resource.EDITS
    serializer_class = EditSerializer
    field_queries = {"detections": include_detections, "revision": include_revision}
    field_loaders = {"queue_position": add_queue_positions}


class AllEditsView(EditListView):
    """The edits of all photos."""

    filterset_class = AllEditFilters

    @extend_schema(operation_id="edits_list_all")
    def get(self, request: Request) -> Response:
        """The edits of all photos that the user may see, newest first."""
        return self.list_rows(select_edits(self.user))


class EditsView(EditListView, FileApiView):
    """The edits of a photo."""

    heavy_methods = ("POST",)
    filterset_class = EditFilters

    @extend_schema(operation_id="edits_list")
    def get(self, request: Request, photo_id: uuid.UUID) -> Response:
        """The photo's edits, newest first."""
        return self.list_rows(select_photo_edits(get_photo(self.user, photo_id)))

    @extend_schema(
        operation_id="edits_create",
        parameters=[PREFER],
        request=EditRequestSerializer,
        responses={200: CreatedEditSerializer, 202: CreatedEditSerializer},
    )
    def post(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Make something vanish: detections, labels, boxes, polygons and masks, all together.

        Without a base it builds on the newest unfinished edit, else on the current state.
        """
        photo = get_photo(self.user, photo_id)
        values = self.read_body(EditRequestSerializer)
        edit = edit_create(
            user=self.user,
            photo=photo,
            selection=build_selection(
                values,
                mask=find_referenced(get_mask, self.user, values, "mask"),
                mask_file=values.get("mask_file"),
            ),
            inpainter=values["inpainter"],
            grow=values["grow"],
            feather=values["feather"],
            base_revision=find_referenced(get_revision, self.user, values, "base_revision"),
            base_edit=find_referenced(get_edit, self.user, values, "base_edit"),
        )
        headers = wait_as_preferred(request, edit)
        current = get_edit(self.user, edit.pk)
        current.forewarnings = edit.forewarnings
        location = reverse("api-edit", args=[edit.pk])
        return job_responses.build_created_response(
            CreatedEditSerializer(current).data, current, location=location, headers=headers
        )


class ForewarningsView(FileApiView):
    """Warnings about an edit before it is made."""

    resource = Resource.EDITS

    @extend_schema(
        operation_id="edits_forewarnings",
        request=ForewarningsRequestSerializer,
        responses=ForewarningsSerializer,
    )
    def post(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Return the warnings that an edit would get, without making it."""
        photo = get_photo(self.user, photo_id)
        values = self.read_body(ForewarningsRequestSerializer)
        area = preview_edit_area(
            user=self.user,
            photo=photo,
            selection=build_selection(
                values,
                mask=find_referenced(get_mask, self.user, values, "mask"),
                mask_file=values.get("mask_file"),
            ),
            grow=values["grow"],
        )
        origin = get_origin(area.reading)
        body = {
            "warnings": area.forewarnings,
            "mask_convention": origin.convention,
            "mask_notes": origin.notes,
        }
        return Response(ForewarningsSerializer(body).data)


class VariantsView(ApiView):
    """Other tries of an edit."""

    heavy_methods = ("POST",)
    resource = Resource.EDITS

    @extend_schema(
        operation_id="edits_variants_create",
        parameters=[PREFER],
        request=VariantRequestSerializer,
        responses={200: EditSerializer, 202: EditSerializer},
    )
    def post(self, request: Request, edit_id: uuid.UUID) -> Response:
        """Try an edit again: the same mask on the same base, filled in another way.

        The result replaces the edit's own where that is still the photo's current state; both stay
        in the history.
        """
        values = self.read_body(VariantRequestSerializer)
        edit = variant_create(
            user=self.user, edit=get_edit(self.user, edit_id), inpainter=values["inpainter"]
        )
        headers = wait_as_preferred(request, edit)
        current = get_edit(self.user, edit.pk)
        location = reverse("api-edit", args=[edit.pk])
        return job_responses.build_created_response(
            EditSerializer(current).data, current, location=location, headers=headers
        )


class EditView(ApiView):
    """One edit."""

    resource = Resource.EDITS

    @extend_schema(operation_id="edits_get", parameters=[PREFER], responses=EditSerializer)
    def get(self, request: Request, edit_id: uuid.UUID) -> Response:
        """The edit and how far it is."""
        headers = wait_as_preferred(request, get_edit(self.user, edit_id))
        edit = get_edit(self.user, edit_id)
        return job_responses.build_job_response(EditSerializer(edit).data, edit, headers=headers)

    @extend_schema(operation_id="edits_cancel", responses={202: EditSerializer})
    def delete(self, request: Request, edit_id: uuid.UUID) -> Response:
        """Stop it: at once while it is queued, at its next step while it runs."""
        edit = edit_cancel(user=self.user, edit=get_edit(self.user, edit_id))
        return Response(EditSerializer(get_edit(self.user, edit.pk)).data, status=202)
