"""Albums and their members."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ApiView
from api.schema import page_of
from api.serializers.albums import (
    AlbumNameSerializer,
    AlbumSerializer,
    MemberRequestSerializer,
    MemberRoleSerializer,
    MemberSerializer,
)
from gallery.selectors import album_for, albums_of, member_for, members_of
from gallery.services import (
    album_create,
    album_delete,
    album_rename,
    member_add,
    member_change,
    member_remove,
)


class AlbumsView(ApiView):
    """The asker's albums."""

    @extend_schema(operation_id="albums_list", responses=page_of("AlbumPage", AlbumSerializer))
    def get(self, request: Request) -> Response:
        """The albums that the asker is a member of, newest first."""
        return self.page(albums_of(self.user), AlbumSerializer)

    @extend_schema(
        operation_id="albums_create", request=AlbumNameSerializer, responses={201: AlbumSerializer}
    )
    def post(self, request: Request) -> Response:
        """Make an album; the asker owns it."""
        album = album_create(user=self.user, name=self.asked(AlbumNameSerializer)["name"])
        return Response(AlbumSerializer(album_for(self.user, album.pk)).data, status=201)


class AlbumView(ApiView):
    """One album."""

    @extend_schema(operation_id="albums_get", responses=AlbumSerializer)
    def get(self, request: Request, album_id: uuid.UUID) -> Response:
        """The album, and the asker's role in it."""
        return Response(AlbumSerializer(album_for(self.user, album_id)).data)

    @extend_schema(
        operation_id="albums_rename", request=AlbumNameSerializer, responses=AlbumSerializer
    )
    def patch(self, request: Request, album_id: uuid.UUID) -> Response:
        """Rename it; editors may."""
        album = album_for(self.user, album_id)
        name = self.asked(AlbumNameSerializer)["name"]
        return Response(AlbumSerializer(album_rename(user=self.user, album=album, name=name)).data)

    @extend_schema(operation_id="albums_delete", responses={204: None})
    def delete(self, request: Request, album_id: uuid.UUID) -> Response:
        """Delete it with its photos; the owner may."""
        album_delete(user=self.user, album=album_for(self.user, album_id))
        return Response(status=204)


class MembersView(ApiView):
    """Who is in an album."""

    @extend_schema(operation_id="members_list", responses=page_of("MemberPage", MemberSerializer))
    def get(self, request: Request, album_id: uuid.UUID) -> Response:
        """The album's members, the owner first."""
        return self.page(members_of(album_for(self.user, album_id)), MemberSerializer)

    @extend_schema(
        operation_id="members_add",
        request=MemberRequestSerializer,
        responses={201: MemberSerializer},
    )
    def post(self, request: Request, album_id: uuid.UUID) -> Response:
        """Share the album with somebody who has an account; the owner may."""
        album = album_for(self.user, album_id)
        member = member_add(user=self.user, album=album, **self.asked(MemberRequestSerializer))
        return Response(MemberSerializer(member).data, status=201)


class MemberView(ApiView):
    """One membership."""

    @extend_schema(
        operation_id="members_change", request=MemberRoleSerializer, responses=MemberSerializer
    )
    def patch(
        self,
        request: Request,
        album_id: uuid.UUID,
        member_id: uuid.UUID,
    ) -> Response:
        """Give the member another role; the owner may."""
        member = member_for(self.user, album_id, member_id)
        role = self.asked(MemberRoleSerializer)["role"]
        return Response(
            MemberSerializer(member_change(user=self.user, member=member, role=role)).data
        )

    @extend_schema(operation_id="members_remove", responses={204: None})
    def delete(
        self,
        request: Request,
        album_id: uuid.UUID,
        member_id: uuid.UUID,
    ) -> Response:
        """Take the member out: the owner may, and everybody may leave."""
        member_remove(user=self.user, member=member_for(self.user, album_id, member_id))
        return Response(status=204)
