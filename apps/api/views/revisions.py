"""The history of a photo, and what its states look like."""

import uuid

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import answers
from api.base import ApiView
from api.schema import page_of
from api.serializers.photos import PhotoSerializer
from api.serializers.revisions import RevisionSerializer
from api.views.photos import photo_answer
from config.errors import Problem
from gallery.answers import download_name
from gallery.models import Rendition
from gallery.renditions import full_rendition, screen_rendition, writable_format
from gallery.selectors import photo_for, revision_for, revisions_of
from gallery.services import revision_restore
from vision.images import FORMATS

ORIGINAL = "original"
DOWNLOADS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "tiff": "TIFF"}


class RevisionsView(ApiView):
    """The states of a photo."""

    @extend_schema(
        operation_id="revisions_list", responses=page_of("RevisionPage", RevisionSerializer)
    )
    def get(self, request: Request, photo_id: uuid.UUID) -> Response:
        """All states, newest first; the last one is the original."""
        return self.page(revisions_of(photo_for(self.user, photo_id)), RevisionSerializer)


class RevisionView(ApiView):
    """One state of a photo."""

    @extend_schema(operation_id="revisions_get", responses=RevisionSerializer)
    def get(self, request: Request, revision_id: uuid.UUID) -> Response:
        """The state."""
        return Response(RevisionSerializer(revision_for(self.user, revision_id)).data)


class RestoreView(ApiView):
    """Any state again."""

    @extend_schema(operation_id="revisions_restore", request=None, responses=PhotoSerializer)
    def post(self, request: Request, revision_id: uuid.UUID) -> Response:
        """Show this state as the photo's current one; nothing is lost."""
        revision = revision_for(self.user, revision_id)
        return photo_answer(self.user, revision_restore(user=self.user, revision=revision))


class ScreenView(ApiView):
    """A state as a picture for the screen."""

    kind: Rendition.Kind

    def show(self, request: Request, revision_id: uuid.UUID) -> HttpResponseBase:
        """The rendition of this view's kind."""
        stored = screen_rendition(revision_for(self.user, revision_id), self.kind)
        rendition = stored.rendition
        return answers.stored_picture(
            self.django_request,
            rendition.file,
            stored.link,
            mime=FORMATS[rendition.format].mime,
            etag=rendition.pk.hex,
        )


class ThumbnailView(ScreenView):
    """A small picture."""

    kind = Rendition.Kind.THUMBNAIL

    @extend_schema(
        operation_id="revisions_thumbnail", responses={(200, "image/webp"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, revision_id: uuid.UUID) -> HttpResponseBase:
        """At most 480 pixels long."""
        return self.show(request, revision_id)


class PreviewView(ScreenView):
    """A picture that fills a screen."""

    kind = Rendition.Kind.PREVIEW

    @extend_schema(
        operation_id="revisions_preview", responses={(200, "image/webp"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, revision_id: uuid.UUID) -> HttpResponseBase:
        """At most 1920 pixels long."""
        return self.show(request, revision_id)


class DownloadView(ApiView):
    """A state at full size."""

    @extend_schema(
        operation_id="revisions_download",
        parameters=[
            OpenApiParameter(
                "format",
                enum=[ORIGINAL, *DOWNLOADS],
                default=ORIGINAL,
                description="`original` is the upload's format; PNG where we can't write that.",
            )
        ],
        responses={(200, "image/*"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, revision_id: uuid.UUID) -> HttpResponseBase:
        """The whole picture; in its original format, the original itself is the uploaded bytes."""
        wanted = _known(request.query_params.get("format", ORIGINAL))
        revision = revision_for(self.user, revision_id)
        photo = revision.photo
        if wanted == ORIGINAL and revision.number == 0:
            mime = FORMATS[photo.format].mime
            return answers.download(photo.original, mime=mime, filename=photo.filename)
        name = writable_format(photo) if wanted == ORIGINAL else DOWNLOADS[wanted]
        filename = download_name(revision, name)
        stored = full_rendition(revision, name, filename=filename)
        return answers.download(
            stored.rendition.file, mime=FORMATS[name].mime, filename=filename, link=stored.link
        )


def _known(wanted: str) -> str:
    known = (ORIGINAL, *DOWNLOADS)
    if wanted not in known:
        message = f"Choose a format out of {', '.join(known)}."
        raise Problem(message, code="unknown_format", fields={"format": [message]})
    return wanted
