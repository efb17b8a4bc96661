"""Albums and their members."""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.scopes import Resource
from api.lists.filtersets import AlbumFilters, MemberFilters
from api.lists.views import BY_AGE, ListView
from api.serializers.albums import (
    AlbumNameSerializer,
    AlbumSerializer,
    MemberRequestSerializer,
    MemberRoleSerializer,
    MemberSerializer,
)
from api.views.base import ApiView
from gallery.models import Album, AlbumMember
from gallery.policies import require_editor, require_owner
from gallery.selectors import get_album, get_member, list_albums, list_members
from gallery.services import (
    album_create,
    album_delete,
    album_rename,
    member_add,
    member_change,
    member_remove,
)


class AlbumsView(ListView):
    """The user's albums."""

    resource = Resource.ALBUMS
    serializer_class = AlbumSerializer
    filterset_class = AlbumFilters
    orderings = BY_AGE | {"name": ("name", "id")}

    @extend_schema(operation_id="albums_list")
    def get(self, request: Request) -> Response:
        """The albums that the user is a member of, newest first."""
        return self.list_rows(list_albums(self.user))

    @extend_schema(
        operation_id="albums_create", request=AlbumNameSerializer, responses={201: AlbumSerializer}
    )
    def post(self, request: Request) -> Response:
        """Make an album; the user owns it."""
        album = album_create(user=self.user, name=self.read_body(AlbumNameSerializer)["name"])
        body = AlbumSerializer(get_album(self.user, album.pk)).data
        location = reverse("api-album", args=[album.pk])
        return Response(body, status=201, headers={"Location": location})


class AlbumView(ApiView):
    """One album."""

    resource = Resource.ALBUMS
    conditional_methods = ("PATCH", "DELETE")

    @extend_schema(operation_id="albums_get", responses=AlbumSerializer)
    def get(self, request: Request, album_id: uuid.UUID) -> Response:
        """The album, and the user's role in it."""
        return Response(AlbumSerializer(get_album(self.user, album_id)).data)

    @extend_schema(
        operation_id="albums_rename", request=AlbumNameSerializer, responses=AlbumSerializer
    )
    def patch(self, request: Request, album_id: uuid.UUID) -> Response:
        """Rename it; editors may."""
        album = get_album(self.user, album_id)
        name = self.read_body(AlbumNameSerializer)["name"]
        with self._require_album_unchanged(album, require_editor):
            renamed = album_rename(user=self.user, album=album, name=name)
            return Response(AlbumSerializer(renamed).data)

    @extend_schema(operation_id="albums_delete", responses={204: None})
    def delete(self, request: Request, album_id: uuid.UUID) -> Response:
        """Delete it with its photos; the owner may."""
        album = get_album(self.user, album_id)
        with self._require_album_unchanged(album, require_owner):
            album_delete(user=self.user, album=album)
        return Response(status=204)

    def _require_album_unchanged(
        self, album: Album, require: Callable[[User, Album], None]
    ) -> AbstractContextManager[None]:
        return self.require_unchanged(
            album,
            check_right=lambda: require(self.user, album),
            build_response=lambda: self.get(self.request, album.pk),
        )


class MembersView(ListView):
    """The members of an album."""

    resource = Resource.ALBUMS
    serializer_class = MemberSerializer
    filterset_class = MemberFilters
    orderings = {"role": ("role_rank", "user__email"), "email": ("user__email",)}
    ordering = "role"

    @extend_schema(operation_id="members_list")
    def get(self, request: Request, album_id: uuid.UUID) -> Response:
        """The album's members, the owner first."""
        return self.list_rows(list_members(get_album(self.user, album_id)))

    @extend_schema(
        operation_id="members_add",
        request=MemberRequestSerializer,
        responses={201: MemberSerializer},
    )
    def post(self, request: Request, album_id: uuid.UUID) -> Response:
        """Share the album with somebody who has an account; the owner may."""
        album = get_album(self.user, album_id)
        member = member_add(user=self.user, album=album, **self.read_body(MemberRequestSerializer))
        location = reverse("api-member", args=[album.pk, member.pk])
        return Response(MemberSerializer(member).data, status=201, headers={"Location": location})


class MemberView(ApiView):
    """One membership."""

    resource = Resource.ALBUMS
    conditional_methods = ("PATCH", "DELETE")

    @extend_schema(operation_id="members_get", responses=MemberSerializer)
    def get(self, request: Request, album_id: uuid.UUID, member_id: uuid.UUID) -> Response:
        """The member and the role."""
        return Response(MemberSerializer(get_member(self.user, album_id, member_id)).data)

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
        member = get_member(self.user, album_id, member_id)
        role = self.read_body(MemberRoleSerializer)["role"]
        with self._require_member_unchanged(member):
            changed = member_change(user=self.user, member=member, role=role)
            return Response(MemberSerializer(changed).data)

    @extend_schema(operation_id="members_remove", responses={204: None})
    def delete(
        self,
        request: Request,
        album_id: uuid.UUID,
        member_id: uuid.UUID,
    ) -> Response:
        """Take the member out: the owner may, and everybody may leave."""
        member = get_member(self.user, album_id, member_id)
        with self._require_member_unchanged(member):
            member_remove(user=self.user, member=member)
        return Response(status=204)

    def _require_right(self, member: AlbumMember) -> None:
        """Raise unless the user owns the album; every member may leave it."""
        if self.request.method != "DELETE" or member.user_id != self.user.pk:
            require_owner(self.user, member.album)

    def _require_member_unchanged(self, member: AlbumMember) -> AbstractContextManager[None]:
        return self.require_unchanged(
            member,
            check_right=lambda: self._require_right(member),
            build_response=lambda: self.get(self.request, member.album_id, member.pk),
        )
