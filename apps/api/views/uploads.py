"""Direct uploads: announce a file, send its parts to the storage, then create its photo."""

import uuid

from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.scopes import Resource
from api.lists.filtersets import UploadFilters
from api.lists.views import ListView
from api.references import find_referenced
from api.serializers.photos import PhotoSerializer
from api.serializers.uploads import (
    UploadRequestSerializer,
    UploadRequestsSerializer,
    UploadSerializer,
)
from api.views.base import ApiView
from api.views.photos import build_photo_response
from gallery.selectors import get_permanent_album, get_upload, list_unfinished_uploads
from gallery.services import upload_begin, upload_complete, upload_discard, upload_part_save
from gallery.storage.base import PART_BYTES


class UploadsView(ListView):
    """The user's direct uploads."""

    resource = Resource.PHOTOS
    serializer_class = UploadSerializer
    filterset_class = UploadFilters

    @extend_schema(operation_id="uploads_list")
    def get(self, request: Request) -> Response:
        """What was announced and can still be sent, newest first."""
        return self.list_rows(list_unfinished_uploads(self.user))

    @extend_schema(
        operation_id="uploads_create",
        request=UploadRequestSerializer,
        responses={201: UploadRequestsSerializer},
    )
    def post(self, request: Request) -> Response:
        """Announce a file; the answer says which calls bring it."""
        values = dict(self.read_body(UploadRequestSerializer))
        values["album"] = find_referenced(get_permanent_album, self.user, values, "album")
        upload = upload_begin(user=self.user, **values)
        location = reverse("api-upload", args=[upload.pk])
        body = UploadRequestsSerializer(upload).data
        return Response(body, status=201, headers={"Location": location})


class UploadView(ApiView):
    """One direct upload."""

    resource = Resource.PHOTOS

    @extend_schema(operation_id="uploads_get", responses=UploadRequestsSerializer)
    def get(self, request: Request, upload_id: uuid.UUID) -> Response:
        """Which calls bring what is still missing; ask after a lost connection."""
        return Response(UploadRequestsSerializer(get_upload(self.user, upload_id)).data)

    @extend_schema(operation_id="uploads_delete", responses={204: None})
    def delete(self, request: Request, upload_id: uuid.UUID) -> Response:
        """Discard it."""
        upload_discard(user=self.user, upload=get_upload(self.user, upload_id))
        return Response(status=204)


class UploadPhotoView(ApiView):
    """The photo of a direct upload."""

    heavy_methods = ("POST",)
    resource = Resource.PHOTOS

    @extend_schema(operation_id="uploads_take_in", request=None, responses={201: PhotoSerializer})
    def post(self, request: Request, upload_id: uuid.UUID) -> Response:
        """Check what arrived and make a photo of it; again, the same photo."""
        upload = get_upload(self.user, upload_id)
        return build_photo_response(
            self.user, upload_complete(user=self.user, upload=upload), status=201
        )


class UploadPartView(ApiView):
    """A part of a file, where the platform itself is the storage."""

    no_scope_because = "The signature in the address is the right to send the part."
    authentication_classes = ()
    permission_classes = (AllowAny,)
    max_body_bytes = PART_BYTES

    @extend_schema(
        operation_id="uploads_put_part",
        parameters=[OpenApiParameter("signature", str, required=True)],
        request={"application/octet-stream": bytes},
        responses={204: None},
    )
    def put(self, request: Request, upload_id: uuid.UUID, number: int) -> Response:
        """Take the body as one piece; the signature in the address is the right to do so."""
        upload_part_save(
            upload_id=upload_id,
            number=number,
            signature=request.query_params.get("signature", ""),
            body=self.django_request,
        )
        return Response(status=204)
