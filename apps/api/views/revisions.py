"""The states of a photo and their pictures."""

import io
import uuid

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.scopes import Resource
from api.downloads import PARAMETERS, PictureOptions, read_picture_options
from api.http import file_responses
from api.lists.filtersets import RevisionFilters
from api.lists.views import ListView
from api.schema import describe_stored_file
from api.serializers.photos import PhotoSerializer
from api.serializers.revisions import RevisionSerializer
from api.views.base import ApiView
from api.views.photos import build_photo_response, require_photo_unchanged
from gallery.models import Rendition, Revision
from gallery.renditions import get_full_rendition, get_screen_rendition, render_once
from gallery.responses import build_download_name, build_picture_response
from gallery.selectors import get_photo, get_revision, list_revisions
from gallery.services import revision_restore
from vision.code_version import compute_code_version
from vision.images import FORMATS


class RevisionsView(ListView):
    """The states of a photo."""

    resource = Resource.REVISIONS
    serializer_class = RevisionSerializer
    filterset_class = RevisionFilters
    orderings = {"number": ("number",)}
    ordering = "-number"

    @extend_schema(operation_id="revisions_list")
    def get(self, request: Request, photo_id: uuid.UUID) -> Response:
        """All states, newest first; the last one is the original. `parent` makes it a tree."""
        return self.list_rows(list_revisions(get_photo(self.user, photo_id)))


class RevisionView(ApiView):
    """One state of a photo."""

    resource = Resource.REVISIONS

    @extend_schema(operation_id="revisions_get", responses=RevisionSerializer)
    def get(self, request: Request, revision_id: uuid.UUID) -> Response:
        """The state."""
        return Response(RevisionSerializer(get_revision(self.user, revision_id)).data)


class RestoreView(ApiView):
    """Any earlier or later state as the current one."""

    resource = Resource.REVISIONS
    conditional_methods = ("POST",)
    shows = (Resource.PHOTOS,)

    @extend_schema(operation_id="revisions_restore", request=None, responses=PhotoSerializer)
    def post(self, request: Request, revision_id: uuid.UUID) -> Response:
        """Show this state as the photo's current one; nothing is lost."""
        revision = get_revision(self.user, revision_id)
        with require_photo_unchanged(self, revision.photo):
            return build_photo_response(
                self.user, revision_restore(user=self.user, revision=revision)
            )


class ScreenView(ApiView):
    """A state as a picture for the screen."""

    resource = Resource.REVISIONS
    kind: Rendition.Kind

    def show(self, request: Request, revision_id: uuid.UUID) -> HttpResponseBase:
        """Build the response with the rendition of this view's kind."""
        stored = get_screen_rendition(get_revision(self.user, revision_id), self.kind)
        rendition = stored.rendition
        return file_responses.build_stored_picture_response(
            self.django_request,
            rendition.file,
            stored.link,
            mime=FORMATS[rendition.format].mime,
            etag=rendition.pk.hex,
        )


class ThumbnailView(ScreenView):
    """The thumbnail of a state."""

    kind = Rendition.Kind.THUMBNAIL

    @extend_schema(operation_id="revisions_thumbnail", responses=describe_stored_file("image/webp"))
    def get(self, request: Request, revision_id: uuid.UUID) -> HttpResponseBase:
        """At most 480 pixels long."""
        return self.show(request, revision_id)


class PreviewView(ScreenView):
    """The preview of a state, which fills a screen."""

    kind = Rendition.Kind.PREVIEW

    @extend_schema(operation_id="revisions_preview", responses=describe_stored_file("image/webp"))
    def get(self, request: Request, revision_id: uuid.UUID) -> HttpResponseBase:
        """At most 1920 pixels long."""
        return self.show(request, revision_id)


class DownloadView(ApiView):
    """A state at full size."""

    # Most files must be rendered first.
    heavy_methods = ("GET",)
    resource = Resource.REVISIONS

    @extend_schema(
        operation_id="revisions_download",
        parameters=PARAMETERS,
        responses=describe_stored_file("image/*"),
    )
    def get(self, request: Request, revision_id: uuid.UUID) -> HttpResponseBase:
        """The whole picture; in its original format, the original itself is the uploaded bytes.

        With `quality`, a smaller `size` or `digital_source_type` it is made for this once.
        """
        revision = get_revision(self.user, revision_id)
        photo = revision.photo
        options = read_picture_options(request.query_params, revision)
        filename, mime = build_download_name(revision, options.format), FORMATS[options.format].mime
        if not options.is_plain:
            return self._render_response(revision, options)
        if options.is_original and revision.number == 0:
            return file_responses.build_original_response(self.django_request, photo)
        stored = get_full_rendition(revision, options.format, filename=filename)
        return file_responses.build_download_response(
            self.django_request,
            stored.rendition.file,
            mime=mime,
            filename=filename,
            etag=stored.rendition.pk.hex,
            link=stored.link,
        )

    def _render_response(self, revision: Revision, options: PictureOptions) -> HttpResponseBase:
        """Build the response with a picture that is rendered for this request and not stored.

        It is 304, and nothing is rendered, if the client has the picture already.
        """

        def render() -> io.BytesIO:
            return io.BytesIO(
                render_once(
                    revision,
                    options.format,
                    longest_side=options.size,
                    quality=options.quality,
                    states_edit=options.states_edit,
                )
            )

        how = f"{options.format}-{options.quality}-{options.size}-{options.states_edit:d}"
        return build_picture_response(
            self.django_request,
            render,
            mime=FORMATS[options.format].mime,
            etag=f"{revision.pk.hex}-{how}-{compute_code_version()}",
            filename=build_download_name(revision, options.format),
        )
