"""Photos: taking in, showing, changing, undoing."""

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
from api.references import referred
from api.schema import stored_file
from api.selectors import (
    photo_row,
    photos_listed,
    with_detection_state,
    with_original_revision,
    with_unfinished_edits,
)
from api.serializers.photos import (
    PhotoChangeSerializer,
    PhotoRequestSerializer,
    PhotoSerializer,
)
from api.views.base import ApiView, FileApiView
from gallery.models import Album, Photo
from gallery.policies import require_editor
from gallery.selectors import lasting_album_for, photo_for
from gallery.services import (
    photo_delete,
    photo_from_example,
    photo_import,
    photo_redo,
    photo_undo,
    photo_update,
    photo_upload,
)
from vision.images import FORMATS


def photo_answer(user: User, photo: Photo, status: int = 200) -> Response:
    """The photo as `user` sees it now."""
    address = reverse("api-photo", args=[photo.pk])
    body = PhotoSerializer(photo_row(user, photo.pk)).data
    headers = {"Content-Location": address} | ({"Location": address} if status == 201 else {})
    return Response(body, status=status, headers=headers)


def photo_unchanged(view: ApiView, photo: Photo) -> AbstractContextManager[None]:
    """What changes a photo stands in it: If-Match is about the photo as the asker sees it."""
    return view.unchanged(
        photo,
        allowed=partial(require_editor, view.user, photo.album),
        shown=partial(photo_answer, view.user, photo),
    )


class PhotosView(ListView, FileApiView):
    """The photos that the asker may see."""

    heavy_methods = ("POST",)
    resource = Resource.PHOTOS
    serializer_class = PhotoSerializer
    filterset_class = PhotoFilters
    orderings = BY_AGE | {"title": ("title", "id")}
    field_queries = {
        "detection_state": with_detection_state,
        "unfinished_edits": with_unfinished_edits,
        "original_revision": with_original_revision,
    }

    @extend_schema(operation_id="photos_list")
    def get(self, request: Request) -> Response:
        """The photos of all albums that the asker is a member of, newest first."""
        return self.list_rows(photos_listed(self.user))

    @extend_schema(
        operation_id="photos_create",
        request=PhotoRequestSerializer,
        responses={201: PhotoSerializer},
    )
    def post(self, request: Request) -> Response:
        """Take in a photo: a file, one from an address on the public web, or an example."""
        asked = self.asked(PhotoRequestSerializer)
        album = referred(lasting_album_for, self.user, asked, "album")
        return photo_answer(self.user, _take_in(self.user, album, asked), status=201)


class PhotoView(ApiView):
    """One photo."""

    resource = Resource.PHOTOS
    conditional_methods = ("PATCH", "DELETE")

    @extend_schema(operation_id="photos_get", responses=PhotoSerializer)
    def get(self, request: Request, photo_id: uuid.UUID) -> Response:
        """The photo, its current state, and what the asker may do."""
        return Response(PhotoSerializer(photo_row(self.user, photo_id)).data)

    @extend_schema(
        operation_id="photos_change", request=PhotoChangeSerializer, responses=PhotoSerializer
    )
    def patch(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Rename it, or move it to another album; editors of both may."""
        photo = photo_for(self.user, photo_id)
        asked = self.asked(PhotoChangeSerializer)
        album = referred(lasting_album_for, self.user, asked, "album")
        with photo_unchanged(self, photo):
            photo_update(user=self.user, photo=photo, title=asked.get("title"), album=album)
            return photo_answer(self.user, photo)

    @extend_schema(operation_id="photos_delete", responses={204: None})
    def delete(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Delete it with its history; editors may."""
        photo = photo_for(self.user, photo_id)
        with photo_unchanged(self, photo):
            photo_delete(user=self.user, photo=photo)
        return Response(status=204)


class OriginalView(ApiView):
    """The uploaded file."""

    resource = Resource.PHOTOS

    @extend_schema(operation_id="photos_original", responses=stored_file("image/*"))
    def get(self, request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
        """The uploaded bytes, exactly."""
        photo = photo_for(self.user, photo_id)
        mime = FORMATS[photo.format].mime
        return file_responses.download(photo.original, mime=mime, filename=photo.filename)


class UndoView(ApiView):
    """One state back."""

    resource = Resource.REVISIONS
    conditional_methods = ("POST",)
    shows = (Resource.PHOTOS,)

    @extend_schema(operation_id="photos_undo", request=None, responses=PhotoSerializer)
    def post(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Show the state before the current one."""
        photo = photo_for(self.user, photo_id)
        with photo_unchanged(self, photo):
            return photo_answer(self.user, photo_undo(user=self.user, photo=photo))


class RedoView(ApiView):
    """One state forward."""

    resource = Resource.REVISIONS
    conditional_methods = ("POST",)
    shows = (Resource.PHOTOS,)

    @extend_schema(operation_id="photos_redo", request=None, responses=PhotoSerializer)
    def post(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Go forward again on the line that was undone."""
        photo = photo_for(self.user, photo_id)
        with photo_unchanged(self, photo):
            return photo_answer(self.user, photo_redo(user=self.user, photo=photo))


def _take_in(user: User, album: Album | None, asked: Mapping[str, Any]) -> Photo:
    title = asked.get("title", "")
    if "file" in asked:
        file = asked["file"]
        data = file.read()
        return photo_upload(user=user, data=data, filename=file.name, album=album, title=title)
    if "url" in asked:
        return photo_import(user=user, url=asked["url"], album=album, title=title)
    return photo_from_example(user=user, example_id=asked["example"], album=album, title=title)
