"""The history of a photo, and what its states look like."""

import io
import uuid

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.scopes import Resource
from api.downloads import PARAMETERS, PictureWish, picture_wish
from api.http import file_responses
from api.lists.filtersets import RevisionFilters
from api.lists.views import ListView
from api.schema import stored_file
from api.serializers.photos import PhotoSerializer
from api.serializers.revisions import RevisionSerializer
from api.views.base import ApiView
from api.views.photos import photo_answer, photo_unchanged
from gallery.answers import download_name, picture
from gallery.models import Rendition, Revision
from gallery.renditions import fresh_render, full_rendition, screen_rendition
from gallery.selectors import photo_for, revision_for, revisions_of
from gallery.services import revision_restore
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
        return self.list_rows(revisions_of(photo_for(self.user, photo_id)))


class RevisionView(ApiView):
    """One state of a photo."""

    resource = Resource.REVISIONS

    @extend_schema(operation_id="revisions_get", responses=RevisionSerializer)
    def get(self, request: Request, revision_id: uuid.UUID) -> Response:
        """The state."""
        return Response(RevisionSerializer(revision_for(self.user, revision_id)).data)


class RestoreView(ApiView):
    """Any state again."""

    resource = Resource.REVISIONS
    conditional_methods = ("POST",)
    shows = (Resource.PHOTOS,)

    @extend_schema(operation_id="revisions_restore", request=None, responses=PhotoSerializer)
    def post(self, request: Request, revision_id: uuid.UUID) -> Response:
        """Show this state as the photo's current one; nothing is lost."""
        revision = revision_for(self.user, revision_id)
        with photo_unchanged(self, revision.photo):
            return photo_answer(self.user, revision_restore(user=self.user, revision=revision))


class ScreenView(ApiView):
    """A state as a picture for the screen."""

    resource = Resource.REVISIONS
    kind: Rendition.Kind

    def show(self, request: Request, revision_id: uuid.UUID) -> HttpResponseBase:
        """The rendition of this view's kind."""
        stored = screen_rendition(revision_for(self.user, revision_id), self.kind)
        rendition = stored.rendition
        return file_responses.stored_picture(
            self.django_request,
            rendition.file,
            stored.link,
            mime=FORMATS[rendition.format].mime,
            etag=rendition.pk.hex,
        )


class ThumbnailView(ScreenView):
    """A small picture."""

    kind = Rendition.Kind.THUMBNAIL

    @extend_schema(operation_id="revisions_thumbnail", responses=stored_file("image/webp"))
    def get(self, request: Request, revision_id: uuid.UUID) -> HttpResponseBase:
        """At most 480 pixels long."""
        return self.show(request, revision_id)


class PreviewView(ScreenView):
    """A picture that fills a screen."""

    kind = Rendition.Kind.PREVIEW

    @extend_schema(operation_id="revisions_preview", responses=stored_file("image/webp"))
    def get(self, request: Request, revision_id: uuid.UUID) -> HttpResponseBase:
        """At most 1920 pixels long."""
        return self.show(request, revision_id)


class DownloadView(ApiView):
    """A state at full size."""

    # Most have to be made first.
    heavy_methods = ("GET",)
    resource = Resource.REVISIONS

    @extend_schema(
        operation_id="revisions_download",
        parameters=PARAMETERS,
        responses=stored_file("image/*"),
    )
    def get(self, request: Request, revision_id: uuid.UUID) -> HttpResponseBase:
        """The whole picture; in its original format, the original itself is the uploaded bytes.

        With `quality` or a smaller `size` it is made for this once.
        """
        revision = revision_for(self.user, revision_id)
        photo = revision.photo
        wish = picture_wish(request.query_params, photo)
        filename, mime = download_name(revision, wish.format), FORMATS[wish.format].mime
        if not wish.is_plain:
            return self._fresh(revision, wish)
        if wish.is_original and revision.number == 0:
            mime = FORMATS[photo.format].mime
            return file_responses.download(photo.original, mime=mime, filename=photo.filename)
        stored = full_rendition(revision, wish.format, filename=filename)
        return file_responses.download(
            stored.rendition.file, mime=mime, filename=filename, link=stored.link
        )

    def _fresh(self, revision: Revision, wish: PictureWish) -> HttpResponseBase:
        """Not kept; whoever has it already is told so before anything is made."""

        def made() -> io.BytesIO:
            return io.BytesIO(
                fresh_render(revision, wish.format, longest_side=wish.size, quality=wish.quality)
            )

        return picture(
            self.django_request,
            made,
            mime=FORMATS[wish.format].mime,
            etag=f"{revision.pk.hex}-{wish.format}-{wish.quality}-{wish.size}",
            filename=download_name(revision, wish.format),
        )
