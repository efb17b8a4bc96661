"""One call for the hurried: a picture in, the picture without something out."""

import io
import time
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import FileResponse, HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from accounts.scopes import Resource, Verb, scope
from api.downloads import written_format
from api.http import job_responses
from api.http.waiting import PREFER, preferred_seconds, waited
from api.selections import selection_asked
from api.serializers.jobs import error_of
from api.serializers.vanish import VanishEditSerializer, VanishRequestSerializer
from api.views.base import ApiView
from gallery.answers import HARDENING, download_name
from gallery.renditions import fresh_render
from inpainting.models import Edit
from inpainting.selectors import edit_for
from inpainting.services import vanish, vanish_forget
from jobs.models import UNFINISHED, State
from vision.images import FORMATS
from web.errors import Problem

SECONDS = 30
# The picture must still be opened and written in the time that a load balancer gives.
LONGEST = 45


class VanishView(ApiView):
    """Make something vanish from a picture that is not to stay here."""

    parser_classes = (MultiPartParser,)
    heavy_methods = ("POST",)
    resource = Resource.EDITS

    def scopes_needed(self, method: str) -> Sequence[str]:
        """A photo is taken in, looked at, and edited."""
        resources = (Resource.PHOTOS, Resource.DETECTIONS, Resource.EDITS)
        return [scope(resource, Verb.WRITE) for resource in resources]

    @extend_schema(
        operation_id="vanish",
        parameters=[PREFER],
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
        began = time.monotonic()
        asked = self.asked(VanishRequestSerializer)
        edit = vanish(
            user=self.user,
            data=asked["image"].read(),
            filename=asked["image"].name,
            selection=selection_asked(asked, mask_file=asked.get("mask")),
            inpainter=asked["inpainter"],
            grow=asked["grow"],
            feather=asked["feather"],
        )
        seconds = preferred_seconds(request)
        most = min(SECONDS if seconds is None else seconds, LONGEST)
        has_waited = waited(edit, most, since=began)
        is_told = has_waited and seconds is not None
        headers = {"Preference-Applied": f"wait={seconds}"} if is_told else {}
        told = edit_for(self.user, edit.pk)
        told.forewarnings = edit.forewarnings
        if told.state in UNFINISHED:
            here = reverse("api-edit", args=[told.pk])
            body = VanishEditSerializer(told).data
            return job_responses.started(body, told, location=here, headers=headers)
        return self._end(edit, told, asked, headers)

    def _end(
        self, begun: Edit, edit: Edit, asked: Mapping[str, Any], headers: dict[str, str]
    ) -> HttpResponseBase:
        """The picture, or why there is none; only who may ask again finds anything after it."""
        wanted = asked["format"]
        name = written_format(wanted, edit.photo)
        try:
            if edit.state != State.SUCCEEDED:
                raise _failure(edit)
            data = fresh_render(edit.revision, name, longest_side=None, quality=None)
        except Exception:
            vanish_forget(begun)
            raise
        answer = FileResponse(
            io.BytesIO(data),
            as_attachment=True,
            filename=download_name(edit.revision, name),
            content_type=FORMATS[name].mime,
            headers=HARDENING | headers,
        )
        if self._once is not None:
            here = reverse("api-revision-download", args=[edit.revision.pk])
            answer.headers["Location"] = f"{here}?format={wanted}"
        else:
            vanish_forget(begun)
        return answer


def _failure(edit: Edit) -> Problem:
    if edit.state == State.CANCELLED:
        return Problem("The edit was stopped.", code="vanish_cancelled")
    return Problem(
        edit.error_message,
        code="vanish_failed",
        case="" if edit.error_is_permanent else "temporary",
        members={"error": error_of(edit)},
    )
