"""The formats in which masks and detections can be had: `?format=`, or the header `Accept`."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response

from api.lists.refusals import build_parameter_problem
from gallery.models import Photo
from vision.annotations.exporting import Region, build_coco, build_label_studio

FORMAT = "format"
JSON, PNG, COCO, LABEL_STUDIO = "json", "png", "coco", "label_studio"
MEDIA_TYPES = {
    JSON: "application/json",
    PNG: "image/png",
    COCO: "application/vnd.coco+json",
    LABEL_STUDIO: "application/vnd.label-studio+json",
}


def describe_format(choices: Sequence[str]) -> OpenApiParameter:
    """Describe the parameter; the first of `choices` is the default."""
    types = ", ".join(f"`{MEDIA_TYPES[name]}` for `{name}`" for name in choices)
    return OpenApiParameter(
        FORMAT,
        enum=choices,
        default=choices[0],
        description=f"The header `Accept` can name the format instead: {types}.",
    )


def describe_exports(choices: Sequence[str]) -> dict[Any, Any]:
    """Describe the responses in the formats, which are not JSON of our own."""
    kinds = {PNG: OpenApiTypes.BINARY, COCO: OpenApiTypes.OBJECT, LABEL_STUDIO: OpenApiTypes.ANY}
    return {(200, MEDIA_TYPES[name]): kinds[name] for name in choices}


def choose_export(request: HttpRequest, choices: Sequence[str]) -> str:
    """Return the one of `choices` that the query names, else that which Accept prefers.

    The first is for all that name none, and for browsers, which accept everything. Raises Problem.
    """
    named = request.GET.get(FORMAT)
    if named is not None:
        if named not in choices:
            detail = f"Choose one of {', '.join(choices)}."
            raise build_parameter_problem(FORMAT, named, detail, list(choices))
        return named
    if "text/html" in request.headers.get("Accept", ""):
        return choices[0]
    names = {MEDIA_TYPES[name]: name for name in choices}
    return names.get(request.get_preferred_type(list(names)) or "", choices[0])


def build_document_response(photo: Photo, name: str, regions: Sequence[Region]) -> Response:
    """Build the response with the regions as JSON of COCO or Label Studio."""
    build = {COCO: build_coco, LABEL_STUDIO: build_label_studio}[name]
    document = build(photo.filename, (photo.height, photo.width), regions)
    return Response(document, content_type=MEDIA_TYPES[name], headers={"Vary": "Accept"})
