"""Edits: asking for something to vanish."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api.base import ApiView, FileApiView
from api.schema import page_of
from api.serializers.edits import (
    CreatedEditSerializer,
    EditRequestSerializer,
    EditSerializer,
    ForewarningsRequestSerializer,
    ForewarningsSerializer,
)
from gallery.selectors import photo_for, revision_for
from inpainting.selectors import edit_for, edits_of_photo, mask_for
from inpainting.services import Selection, edit_cancel, edit_create, edit_forewarnings
from vision.detectors.base import Box


class EditsView(FileApiView):
    """The edits of a photo."""

    @extend_schema(operation_id="edits_list", responses=page_of("EditPage", EditSerializer))
    def get(self, request: Request, photo_id: uuid.UUID) -> Response:
        """The photo's edits, newest first."""
        return self.page(edits_of_photo(photo_for(self.user, photo_id)), EditSerializer)

    @extend_schema(
        operation_id="edits_create",
        request=EditRequestSerializer,
        responses={202: CreatedEditSerializer},
    )
    def post(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Make something vanish: detections, labels, boxes and masks, all together.

        Without a base it builds on the newest unfinished edit, else on the current state.
        """
        photo = photo_for(self.user, photo_id)
        asked = self.asked(EditRequestSerializer)
        edit = edit_create(
            user=self.user,
            photo=photo,
            selection=_selection(self.user, asked),
            inpainter=asked["inpainter"],
            grow=asked["grow"],
            feather=asked["feather"],
            base_revision=revision_for(self.user, key)
            if (key := asked.get("base_revision"))
            else None,
            base_edit=edit_for(self.user, key) if (key := asked.get("base_edit")) else None,
        )
        told = edit_for(self.user, edit.pk)
        told.forewarnings = edit.forewarnings
        return Response(CreatedEditSerializer(told).data, status=202)


class ForewarningsView(FileApiView):
    """What can be told before the work."""

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
            selection=replace(_selection(self.user, asked), mask_png_may_be_smaller=True),
            grow=asked["grow"],
        )
        return Response(ForewarningsSerializer({"warnings": warnings}).data)


class EditView(ApiView):
    """One edit."""

    @extend_schema(operation_id="edits_get", responses=EditSerializer)
    def get(self, request: Request, edit_id: uuid.UUID) -> Response:
        """The edit and how far it is."""
        return Response(EditSerializer(edit_for(self.user, edit_id)).data)

    @extend_schema(operation_id="edits_cancel", responses={202: EditSerializer})
    def delete(self, request: Request, edit_id: uuid.UUID) -> Response:
        """Stop it: at once while it is queued, at its next step while it runs."""
        edit = edit_cancel(user=self.user, edit=edit_for(self.user, edit_id))
        return Response(EditSerializer(edit_for(self.user, edit.pk)).data, status=202)


def _selection(user: User, asked: Mapping[str, Any]) -> Selection:
    mask_id, mask_file = asked.get("mask"), asked.get("mask_file")
    return Selection(
        detection_ids=asked["detections"],
        labels=asked["labels"],
        boxes=[Box(**box) for box in asked["boxes"]],
        shadows=asked["shadows"],
        mask=mask_for(user, mask_id) if mask_id else None,
        mask_png=None if mask_file is None else mask_file.read(),
    )
