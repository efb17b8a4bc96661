"""Edits: asking for something to vanish."""

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
from api.references import referred
from api.selections import selection_asked
from api.serializers.edits import (
    CreatedEditSerializer,
    EditRequestSerializer,
    EditSerializer,
    ForewarningsRequestSerializer,
    ForewarningsSerializer,
)
from api.views.base import ApiView, FileApiView
from gallery.selectors import photo_for, revision_for
from inpainting.selectors import (
    add_queue_positions,
    edit_for,
    edits_of,
    edits_of_photo,
    mask_for,
    with_detections,
    with_revision,
)
from inpainting.services import edit_cancel, edit_create, edit_forewarnings


class EditListView(ListView):
    """A list of edits."""

    resource = Resource.EDITS
    serializer_class = EditSerializer
    field_queries = {"detections": with_detections, "revision": with_revision}
    field_loaders = {"queue_position": add_queue_positions}


class AllEditsView(EditListView):
    """The edits of all photos."""

    filterset_class = AllEditFilters

    @extend_schema(operation_id="edits_list_all")
    def get(self, request: Request) -> Response:
        """The edits of all photos that the asker may see, newest first."""
        return self.list_rows(edits_of(self.user))


class EditsView(EditListView, FileApiView):
    """The edits of a photo."""

    heavy_methods = ("POST",)
    filterset_class = EditFilters

    @extend_schema(operation_id="edits_list")
    def get(self, request: Request, photo_id: uuid.UUID) -> Response:
        """The photo's edits, newest first."""
        return self.list_rows(edits_of_photo(photo_for(self.user, photo_id)))

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
        photo = photo_for(self.user, photo_id)
        asked = self.asked(EditRequestSerializer)
        edit = edit_create(
            user=self.user,
            photo=photo,
            selection=selection_asked(
                asked,
                mask=referred(mask_for, self.user, asked, "mask"),
                mask_file=asked.get("mask_file"),
            ),
            inpainter=asked["inpainter"],
            grow=asked["grow"],
            feather=asked["feather"],
            base_revision=referred(revision_for, self.user, asked, "base_revision"),
            base_edit=referred(edit_for, self.user, asked, "base_edit"),
        )
        applied = wait_as_preferred(request, edit)
        told = edit_for(self.user, edit.pk)
        told.forewarnings = edit.forewarnings
        here = reverse("api-edit", args=[edit.pk])
        return job_responses.started(
            CreatedEditSerializer(told).data, told, location=here, headers=applied
        )


class ForewarningsView(FileApiView):
    """What can be told before the work."""

    resource = Resource.EDITS

    @extend_schema(
        operation_id="edits_forewarnings",
        request=ForewarningsRequestSerializer,
        responses=ForewarningsSerializer,
    )
    def post(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Ask what making this vanish would be warned of, without doing it."""
        photo = photo_for(self.user, photo_id)
        asked = self.asked(ForewarningsRequestSerializer)
        warnings = edit_forewarnings(
            user=self.user,
            photo=photo,
            selection=selection_asked(
                asked,
                mask=referred(mask_for, self.user, asked, "mask"),
                mask_file=asked.get("mask_file"),
                mask_file_may_be_smaller=True,
            ),
            grow=asked["grow"],
        )
        return Response(ForewarningsSerializer({"warnings": warnings}).data)


class EditView(ApiView):
    """One edit."""

    resource = Resource.EDITS

    @extend_schema(operation_id="edits_get", parameters=[PREFER], responses=EditSerializer)
    def get(self, request: Request, edit_id: uuid.UUID) -> Response:
        """The edit and how far it is."""
        applied = wait_as_preferred(request, edit_for(self.user, edit_id))
        edit = edit_for(self.user, edit_id)
        return job_responses.looked_at(EditSerializer(edit).data, edit, headers=applied)

    @extend_schema(operation_id="edits_cancel", responses={202: EditSerializer})
    def delete(self, request: Request, edit_id: uuid.UUID) -> Response:
        """Stop it: at once while it is queued, at its next step while it runs."""
        edit = edit_cancel(user=self.user, edit=edit_for(self.user, edit_id))
        return Response(EditSerializer(edit_for(self.user, edit.pk)).data, status=202)
