"""One call for everything: it takes a picture and returns it without the named objects."""

import io
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.http import FileResponse, HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from accounts.scopes import Resource, Verb, format_scope
from api.downloads import choose_format
from api.http import job_responses
from api.http.waiting import PREFER, read_preferred_seconds, wait_for_end
from api.selections import build_selection
from api.serializers.jobs import describe_error
from api.serializers.selections import NOTES_HELP
from api.serializers.vanish import VanishEditSerializer, VanishRequestSerializer
from api.views.base import ApiView
from gallery.kept_canvases import kept_canvases
from gallery.renditions import render_once
from gallery.responses import HARDENING_HEADERS, build_download_name
from inpainting.models import Edit
from inpainting.selectors import get_edit
from inpainting.services import vanish_create, vanish_delete
from jobs.models import UNFINISHED, State
from vision.images import FORMATS
from vision.mask_reading import TAKEN_CONVENTIONS
from web.errors import Problem

PICTURE_HEADERS = [
    OpenApiParameter(
        "Mask-Convention",
        location=OpenApiParameter.HEADER,
        response=[200],
        enum=TAKEN_CONVENTIONS,
        description="How the mask file was read, if there was one.",
    ),
    OpenApiParameter(
        "Mask-Notes",
        location=OpenApiParameter.HEADER,
        response=[200],
        description=NOTES_HELP,
    ),
    OpenApiParameter(
        "Missing-Labels",
        location=OpenApiParameter.HEADER,
        response=[200],
        description="Labels that name nothing in the picture, percent-encoded, between commas.",
    ),
]
DEFAULT_SECONDS = 30
# A load balancer gives up after 60 s: decoding and encoding the picture take time too.
MAX_SECONDS = 45
MAX_HEADER_LENGTH = 4096


class VanishView(ApiView):
    """Removes something from a picture that is deleted afterwards."""

    parser_classes = (MultiPartParser,)
    heavy_methods = ("POST",)
    resource = Resource.EDITS

    def get_required_scopes(self, method: str) -> Sequence[str]:
        """Return the scopes to create a photo, detect objects in it, and edit it."""
        resources = (Resource.PHOTOS, Resource.DETECTIONS, Resource.EDITS)
        return [format_scope(resource, Verb.WRITE) for resource in resources]

    @extend_schema(
        operation_id="vanish",
        parameters=[PREFER, *PICTURE_HEADERS],
        request={"multipart/form-data": VanishRequestSerializer},
        responses={
            (200, "image/*"): OpenApiTypes.BINARY,
            202: VanishEditSerializer,
            303: OpenApiResponse(description="With a key sent before: the picture is there."),
        },
    )
    def post(self, request: Request) -> HttpResponseBase:
        """The picture without what is named, once it is done within the time preferred (30 s).

        Else the edit, to look at until it is done; its revision's `download` is the picture then.
        What was sent is deleted with the answer, or within 24 hours where the answer is the edit
        or a call with an `Idempotency-Key` may be sent again. Deleting the photo is sooner.
        """
        start = time.monotonic()
        values = self.read_body(VanishRequestSerializer)
        edit = vanish_create(
            user=self.user,
            data=values["image"].read(),
            filename=values["image"].name,
            selection=build_selection(values, mask_file=values.get("mask")),
            inpainter=values["inpainter"],
            grow=values["grow"],
            feather=values["feather"],
        )
        seconds = read_preferred_seconds(request)
        max_wait = min(DEFAULT_SECONDS if seconds is None else seconds, MAX_SECONDS)
        has_waited = wait_for_end(edit, max_wait, since=start)
        is_applied = has_waited and seconds is not None
        headers = {"Preference-Applied": f"wait={seconds}"} if is_applied else {}
        current = get_edit(self.user, edit.pk)
        current.forewarnings = edit.forewarnings
        if current.state in UNFINISHED:
            kept_canvases.take(current.photo_id)  # the picture may be fetched from another process
            location = reverse("api-edit", args=[current.pk])
            body = VanishEditSerializer(current).data
            return job_responses.build_created_response(
                body, current, location=location, headers=headers
            )
        return self._build_picture_response(edit, current, values, headers)

    def _build_picture_response(
        self, created: Edit, edit: Edit, values: Mapping[str, Any], headers: dict[str, str]
    ) -> HttpResponseBase:
        """Build the response with the picture of an edit that has ended. Raises Problem.

        Then delete what `created` stored, unless the request has an idempotency key: a repeated
        request is redirected to the picture.
        """
        choice = values["format"]
        name = choose_format(choice, edit.photo)
        try:
            if edit.state != State.SUCCEEDED:
                raise _build_failure_problem(edit)
            data = render_once(edit.revision, name, longest_side=None, quality=None)
        except Exception:
            vanish_delete(created)
            raise
        response = FileResponse(
            io.BytesIO(data),
            as_attachment=True,
            filename=build_download_name(edit.revision, name),
            content_type=FORMATS[name].mime,
            headers=HARDENING_HEADERS | headers | _build_notes_headers(edit),
        )
        if self._key_claim is not None:
            location = reverse("api-revision-download", args=[edit.revision.pk])
            response.headers["Location"] = f"{location}?format={choice}"
        else:
            vanish_delete(created)
        return response


def _build_notes_headers(edit: Edit) -> dict[str, str]:
    """Build the headers that say how the mask file was read, and which labels name nothing."""
    mask = edit.mask
    headers = {
        "Mask-Convention": mask.convention,
        "Mask-Notes": " ".join(mask.notes),
        "Missing-Labels": _join_labels(edit.missing_labels),
    }
    return {name: text for name, text in headers.items() if text}


def _join_labels(labels: Sequence[str]) -> str:
    """Join the labels for a header; those beyond its limit are only in the edit."""
    text = ""
    for label in labels:
        longer = f"{text}, {quote(label, safe=' ')}" if text else quote(label, safe=" ")
        if len(longer) > MAX_HEADER_LENGTH:
            break
        text = longer
    return text


def _build_failure_problem(edit: Edit) -> Problem:
    if edit.state == State.CANCELLED:
        return Problem("The edit was stopped.", code="vanish_cancelled")
    return Problem(
        edit.error_message,
        code="vanish_failed",
        case="" if edit.error_is_permanent else "temporary",
        members={"error": describe_error(edit)},
    )
