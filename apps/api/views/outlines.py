"""The outline of the object at points that somebody clicked."""

import base64
import uuid

import numpy as np
from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.scopes import Resource
from api.exports import JSON, PNG, choose_export, describe_exports, describe_format
from api.references import find_referenced
from api.serializers.outlines import OutlineRequestSerializer, OutlineSerializer
from api.views.base import ApiView
from gallery.responses import HARDENING_HEADERS
from gallery.selectors import get_photo, get_revision
from inpainting.services import outline_preview
from vision.masks import to_png
from vision.outlines import Point

FORMATS = (JSON, PNG)


class OutlinesView(ApiView):
    """Outlines of objects in a photo, which are not stored."""

    heavy_methods = ("POST",)
    resource = Resource.MASKS

    @extend_schema(
        operation_id="outlines_preview",
        parameters=[describe_format(FORMATS)],
        request=OutlineRequestSerializer,
        responses={(200, "application/json"): OutlineSerializer} | describe_exports(FORMATS[1:]),
    )
    def post(self, request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
        """The object at the points, of any kind: its outline and its mask; nothing is stored.

        The first point that adds names the object; further ones add what is missing or, with
        `adds: false`, take away what does not belong to it. Editors may.
        """
        photo = get_photo(self.user, photo_id)
        name = choose_export(self.django_request, FORMATS)
        values = self.read_body(OutlineRequestSerializer)
        found = outline_preview(
            user=self.user,
            photo=photo,
            points=[Point(**point) for point in values["points"]],
            revision=find_referenced(get_revision, self.user, values, "revision"),
        )
        png = to_png(found.mask)
        headers = {"Vary": "Accept"}
        if name == PNG:
            headers |= HARDENING_HEADERS
            return HttpResponse(png, content_type="image/png", headers=headers)
        body = {
            "polygons": found.polygons,
            "mask": base64.b64encode(png).decode(),
            "covered_pixels": int(np.count_nonzero(found.mask)),
        }
        return Response(OutlineSerializer(body).data, headers=headers)
