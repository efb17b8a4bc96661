"""Masks: which pixels go."""

import uuid

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import answers
from api.base import ApiView, FileApiView
from api.schema import page_of
from api.serializers.masks import MaskRequestSerializer, MaskSerializer
from gallery.selectors import photo_for
from gallery.storage.links import link_to
from inpainting.selectors import mask_for, masks_of
from inpainting.services import mask_save


class MasksView(FileApiView):
    """The masks of a photo."""

    @extend_schema(operation_id="masks_list", responses=page_of("MaskPage", MaskSerializer))
    def get(self, request: Request, photo_id: uuid.UUID) -> Response:
        """The masks of the photo, those of edits among them; newest first."""
        return self.page(masks_of(photo_for(self.user, photo_id)), MaskSerializer)

    @extend_schema(
        operation_id="masks_create",
        request={"multipart/form-data": MaskRequestSerializer},
        responses={201: MaskSerializer},
    )
    def post(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Keep a mask: a PNG of the photo's size, 255 = remove."""
        photo = photo_for(self.user, photo_id)
        asked = self.asked(MaskRequestSerializer)
        png = asked["file"].read()
        mask = mask_save(user=self.user, photo=photo, png=png, name=asked["name"])
        return Response(MaskSerializer(mask).data, status=201)


class MaskView(ApiView):
    """One mask."""

    @extend_schema(operation_id="masks_get", responses=MaskSerializer)
    def get(self, request: Request, mask_id: uuid.UUID) -> Response:
        """The mask's facts."""
        return Response(MaskSerializer(mask_for(self.user, mask_id)).data)


class MaskFileView(ApiView):
    """A mask's pixels."""

    @extend_schema(operation_id="masks_file", responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, request: Request, mask_id: uuid.UUID) -> HttpResponseBase:
        """A PNG of the photo's size: 255 = remove, 0 = keep."""
        mask = mask_for(self.user, mask_id)
        return answers.stored_picture(
            self.django_request,
            mask.file,
            link_to(str(mask.file.name), mime="image/png"),
            mime="image/png",
            etag=mask.sha256,
        )
