"""Masks: the pixels to remove from a photo."""

import uuid
from contextlib import AbstractContextManager

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.scopes import Resource
from api.exports import (
    COCO,
    LABEL_STUDIO,
    PNG,
    build_document_response,
    choose_export,
    describe_exports,
    describe_format,
)
from api.http import file_responses
from api.lists.filtersets import MaskFilters
from api.lists.views import BY_AGE, ListView
from api.references import find_referenced
from api.schema import describe_stored_file
from api.selections import build_selection
from api.serializers.masks import MaskNameSerializer, MaskRequestSerializer, MaskSerializer
from api.views.base import ApiView, FileApiView
from gallery.policies import require_editor
from gallery.selectors import get_photo
from gallery.storage.signed_urls import get_cached_url
from inpainting.exporting import build_mask_region
from inpainting.models import Mask
from inpainting.selectors import get_mask, select_masks
from inpainting.services import mask_create, mask_delete, mask_rename

FILE_FORMATS = (PNG, COCO, LABEL_STUDIO)


class MasksView(ListView, FileApiView):
    """The masks of a photo."""

    resource = Resource.MASKS
    serializer_class = MaskSerializer
    filterset_class = MaskFilters
    orderings = BY_AGE | {"name": ("name", "id")}

    @extend_schema(operation_id="masks_list")
    def get(self, request: Request, photo_id: uuid.UUID) -> Response:
        """The masks of the photo, those of edits among them; newest first."""
        return self.list_rows(select_masks(get_photo(self.user, photo_id)))

    @extend_schema(
        operation_id="masks_create",
        request=MaskRequestSerializer,
        responses={201: MaskSerializer},
    )
    def post(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Keep a mask: a file, or made of what is named; the union of all."""
        photo = get_photo(self.user, photo_id)
        values = self.read_body(MaskRequestSerializer)
        selection = build_selection(
            values,
            mask=find_referenced(get_mask, self.user, values, "mask"),
            mask_file=values.get("file"),
        )
        mask = mask_create(user=self.user, photo=photo, selection=selection, name=values["name"])
        location = reverse("api-mask", args=[mask.pk])
        return Response(MaskSerializer(mask).data, status=201, headers={"Location": location})


class MaskView(ApiView):
    """One mask."""

    resource = Resource.MASKS
    conditional_methods = ("PATCH", "DELETE")

    @extend_schema(operation_id="masks_get", responses=MaskSerializer)
    def get(self, request: Request, mask_id: uuid.UUID) -> Response:
        """The mask's facts."""
        return Response(MaskSerializer(get_mask(self.user, mask_id)).data)

    @extend_schema(
        operation_id="masks_rename", request=MaskNameSerializer, responses=MaskSerializer
    )
    def patch(self, request: Request, mask_id: uuid.UUID) -> Response:
        """Give it another name, or none; editors may."""
        mask = get_mask(self.user, mask_id)
        name = self.read_body(MaskNameSerializer)["name"]
        with self._require_mask_unchanged(mask):
            return Response(MaskSerializer(mask_rename(user=self.user, mask=mask, name=name)).data)

    @extend_schema(operation_id="masks_delete", responses={204: None})
    def delete(self, request: Request, mask_id: uuid.UUID) -> Response:
        """Delete it, unless an edit was made with it; editors may."""
        mask = get_mask(self.user, mask_id)
        with self._require_mask_unchanged(mask):
            mask_delete(user=self.user, mask=mask)
        return Response(status=204)

    def _require_mask_unchanged(self, mask: Mask) -> AbstractContextManager[None]:
        return self.require_unchanged(
            mask,
            check_right=lambda: require_editor(self.user, mask.photo.album),
            build_response=lambda: Response(MaskSerializer(get_mask(self.user, mask.pk)).data),
        )


class MaskFileView(ApiView):
    """The file of a mask."""

    resource = Resource.MASKS

    @extend_schema(
        operation_id="masks_file",
        parameters=[describe_format(FILE_FORMATS)],
        responses=describe_stored_file("image/png") | describe_exports(FILE_FORMATS[1:]),
    )
    def get(self, request: Request, mask_id: uuid.UUID) -> HttpResponseBase:
        """A PNG of the photo's size: 255 = remove, 0 = keep; or JSON of COCO or Label Studio."""
        mask = get_mask(self.user, mask_id)
        name = choose_export(self.django_request, FILE_FORMATS)
        if name != PNG:
            return build_document_response(mask.photo, name, [build_mask_region(mask)])
        response = file_responses.build_stored_picture_response(
            self.django_request,
            mask.file,
            get_cached_url(str(mask.file.name), mime="image/png"),
            mime="image/png",
            etag=mask.sha256,
        )
        patch_vary_headers(response, ["Accept"])
        return response
