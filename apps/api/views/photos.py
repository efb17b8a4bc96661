"""Photos: taking in, showing, changing, undoing."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api import answers
from api.base import ApiView, FileApiView
from api.schema import page_of
from api.selectors import photo_row, photo_rows
from api.serializers.photos import (
    PhotoChangeSerializer,
    PhotoRequestSerializer,
    PhotoSerializer,
)
from gallery.models import Album, Photo
from gallery.selectors import album_for, photo_for
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
    return Response(PhotoSerializer(photo_row(user, photo.pk)).data, status=status)


class PhotosView(FileApiView):
    """The photos that the asker may see."""

    @extend_schema(
        operation_id="photos_list",
        parameters=[OpenApiParameter("album", OpenApiTypes.UUID, description="Only of this one.")],
        responses=page_of("PhotoPage", PhotoSerializer),
    )
    def get(self, request: Request) -> Response:
        """The photos of all albums, or of one; newest first."""
        album_id = request.query_params.get("album")
        album = album_for(self.user, album_id) if album_id else None
        return self.page(photo_rows(self.user, album), PhotoSerializer)

    @extend_schema(
        operation_id="photos_create",
        request=PhotoRequestSerializer,
        responses={201: PhotoSerializer},
    )
    def post(self, request: Request) -> Response:
        """Take in a photo: a file, one from an address on the public web, or an example."""
        asked = self.asked(PhotoRequestSerializer)
        album = album_for(self.user, asked["album"]) if asked.get("album") else None
        return photo_answer(self.user, _take_in(self.user, album, asked), status=201)


class PhotoView(ApiView):
    """One photo."""

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
        album = album_for(self.user, asked["album"]) if "album" in asked else None
        photo_update(user=self.user, photo=photo, title=asked.get("title"), album=album)
        return photo_answer(self.user, photo)

    @extend_schema(operation_id="photos_delete", responses={204: None})
    def delete(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Delete it with its history; editors may."""
        photo_delete(user=self.user, photo=photo_for(self.user, photo_id))
        return Response(status=204)


class OriginalView(ApiView):
    """The uploaded file."""

    @extend_schema(
        operation_id="photos_original", responses={(200, "image/*"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
        """The uploaded bytes, exactly."""
        photo = photo_for(self.user, photo_id)
        mime = FORMATS[photo.format].mime
        return answers.download(photo.original, mime=mime, filename=photo.filename)


class UndoView(ApiView):
    """One state back."""

    @extend_schema(operation_id="photos_undo", request=None, responses=PhotoSerializer)
    def post(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Show the state before the current one."""
        photo = photo_undo(user=self.user, photo=photo_for(self.user, photo_id))
        return photo_answer(self.user, photo)


class RedoView(ApiView):
    """One state forward."""

    @extend_schema(operation_id="photos_redo", request=None, responses=PhotoSerializer)
    def post(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Go forward again on the line that was undone."""
        photo = photo_redo(user=self.user, photo=photo_for(self.user, photo_id))
        return photo_answer(self.user, photo)


def _take_in(user: User, album: Album | None, asked: Mapping[str, Any]) -> Photo:
    title = asked.get("title", "")
    if "file" in asked:
        file = asked["file"]
        data = file.read()
        return photo_upload(user=user, data=data, filename=file.name, album=album, title=title)
    if "url" in asked:
        return photo_import(user=user, url=asked["url"], album=album, title=title)
    return photo_from_example(user=user, example_id=asked["example"], album=album, title=title)
