"""Edits: asking for something to vanish."""

import uuid
from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api.base import ApiView, FileApiView
from api.schema import page_of
from api.serializers.edits import EditRequestSerializer, EditSerializer
from gallery.selectors import photo_for, revision_for
from inpainting.models import Edit
from inpainting.selectors import edit_for, edits_of_photo, mask_for
from inpainting.services import Selection, edit_cancel, edit_create
from vision.detectors.base import Box


class EditsView(FileApiView):
    """The edits of a photo."""

    @extend_schema(operation_id="edits_list", responses=page_of("EditPage", EditSerializer))
    def get(self, request: Request, photo_id: uuid.UUID) -> Response:
        """The photo's edits, newest first."""
        return self.page(edits_of_photo(photo_for(self.user, photo_id)), EditSerializer)

    @extend_schema(
        operation_id="edits_create", request=EditRequestSerializer, responses={202: EditSerializer}
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
        return _answer(self.user, edit, status=202)


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
        return _answer(self.user, edit, status=202)


def _answer(user: User, edit: Edit, status: int) -> Response:
    return Response(EditSerializer(edit_for(user, edit.pk)).data, status=status)


def _selection(user: User, asked: Mapping[str, Any]) -> Selection:
    mask_id, mask_file = asked.get("mask"), asked.get("mask_file")
    return Selection(
        detection_ids=asked["detections"],
        labels=asked["labels"],
        boxes=[Box(**box) for box in asked["boxes"]],
        mask=mask_for(user, mask_id) if mask_id else None,
        mask_png=None if mask_file is None else mask_file.read(),
    )
