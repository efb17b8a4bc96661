"""Photos: upload, import, changes, undo and redo."""

import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.scopes import Resource
from api.http import file_responses
from api.lists.filtersets import PhotoFilters
from api.lists.views import BY_AGE, ListView
from api.references import find_referenced
from api.schema import describe_stored_file
from api.selectors import (
    annotate_detection_state,
    annotate_original_revision,
    annotate_unfinished_edits,
    get_photo_row,
    select_listed_photos,
)
from api.serializers.photos import (
    PhotoChangeSerializer,
    PhotoRequestSerializer,
    PhotoSerializer,
)
from api.views.base import ApiView, FileApiView
from gallery.models import Album, Photo
from gallery.policies import require_editor
from gallery.selectors import get_permanent_album, get_photo
from gallery.services import (
    example_copy,
    photo_delete,
    photo_import,
    photo_redo,
    photo_undo,
    photo_update,
    photo_upload,
)


def build_photo_response(user: User, photo: Photo, status: int = 200) -> Response:
    """Build the response with the photo as `user` sees it now; status 201 for a new one."""
    location = reverse("api-photo", args=[photo.pk])
    body = PhotoSerializer(get_photo_row(user, photo.pk)).data
    headers = {"Content-Location": location} | ({"Location": location} if status == 201 else {})
    return Response(body, status=status, headers=headers)


def require_photo_unchanged(view: ApiView, photo: Photo) -> AbstractContextManager[None]:
    """Check the preconditions, then run the block that changes the photo while it is locked.

    The entity tags are of the photo as the user sees it. Raises Problem (412).
    """
    return view.require_unchanged(
        photo,
        check_right=partial(require_editor, view.user, photo.album),
        build_response=partial(build_photo_response, view.user, photo),
    )


class PhotosView(ListView, FileApiView):
    """The photos that the user may see."""

    heavy_methods = ("POST",)
    resource = Resource.PHOTOS
    serializer_class = PhotoSerializer
    filterset_class = PhotoFilters
    orderings = BY_AGE | {"title": ("title", "id")}
    field_queries = {
        "detection_state": annotate_detection_state,
        "unfinished_edits": annotate_unfinished_edits,
        "original_revision": annotate_original_revision,
    }

    @extend_schema(operation_id="photos_list")
    def get(self, request: Request) -> Response:
        """The photos of all albums that the user is a member of, newest first."""
        return self.list_rows(select_listed_photos(self.user))

    @extend_schema(
        operation_id="photos_create",
        request=PhotoRequestSerializer,
        responses={201: PhotoSerializer},
    )
    def post(self, request: Request) -> Response:
        """Take in a photo: a file, one from an address on the public web, or an example."""
        values = self.read_body(PhotoRequestSerializer)
        album = find_referenced(get_permanent_album, self.user, values, "album")
        return build_photo_response(self.user, _create_photo(self.user, album, values), status=201)


class PhotoView(ApiView):
    """One photo."""

    resource = Resource.PHOTOS
    conditional_methods = ("PATCH", "DELETE")

    @extend_schema(operation_id="photos_get", responses=PhotoSerializer)
    def get(self, request: Request, photo_id: uuid.UUID) -> Response:
        """The photo, its current state, and what the user may do."""
        return Response(PhotoSerializer(get_photo_row(self.user, photo_id)).data)

    @extend_schema(
        operation_id="photos_change", request=PhotoChangeSerializer, responses=PhotoSerializer
    )
    def patch(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Rename it, or move it to another album; editors of both may."""
        photo = get_photo(self.user, photo_id)
        values = self.read_body(PhotoChangeSerializer)
        album = find_referenced(get_permanent_album, self.user, values, "album")
        with require_photo_unchanged(self, photo):
            photo_update(user=self.user, photo=photo, title=values.get("title"), album=album)
            return build_photo_response(self.user, photo)

    @extend_schema(operation_id="photos_delete", responses={204: None})
    def delete(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Delete it with its history; editors may."""
        photo = get_photo(self.user, photo_id)
        with require_photo_unchanged(self, photo):
            photo_delete(user=self.user, photo=photo)
        return Response(status=204)


class OriginalView(ApiView):
    """The uploaded file."""

    resource = Resource.PHOTOS

    @extend_schema(operation_id="photos_original", responses=describe_stored_file("image/*"))
    def get(self, request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
        """The uploaded bytes, exactly."""
        photo = get_photo(self.user, photo_id)
        return file_responses.build_original_response(self.django_request, photo)


class UndoView(ApiView):
    """Undo: the parent of the current state."""

    resource = Resource.REVISIONS
    conditional_methods = ("POST",)
    shows = (Resource.PHOTOS,)

    @extend_schema(operation_id="photos_undo", request=None, responses=PhotoSerializer)
    def post(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Show the state before the current one."""
        photo = get_photo(self.user, photo_id)
        with require_photo_unchanged(self, photo):
            return build_photo_response(self.user, photo_undo(user=self.user, photo=photo))


class RedoView(ApiView):
    """Redo: the state that was undone."""

    resource = Resource.REVISIONS
    conditional_methods = ("POST",)
    shows = (Resource.PHOTOS,)

    @extend_schema(operation_id="photos_redo", request=None, responses=PhotoSerializer)
    def post(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Go forward again on the line that was undone."""
        photo = get_photo(self.user, photo_id)
        with require_photo_unchanged(self, photo):
            return build_photo_response(self.user, photo_redo(user=self.user, photo=photo))


def _create_photo(user: User, album: Album | None, values: Mapping[str, Any]) -> Photo:
    title = values.get("title", "")
    if "file" in values:
        file = values["file"]
        data = file.read()
        return photo_upload(user=user, data=data, filename=file.name, album=album, title=title)
    if "url" in values:
        return photo_import(user=user, url=values["url"], album=album, title=title)
    return example_copy(user=user, example_id=values["example"], album=album, title=title)
