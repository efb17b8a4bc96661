"""Links that show an album or a photo without an account."""

import uuid

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.scopes import Resource
from api.lists.filtersets import ShareLinkFilters
from api.lists.views import ListView
from api.serializers.share_links import ShareLinkRequestSerializer, ShareLinkSerializer
from api.views.base import ApiView
from gallery.policies import require_owner
from gallery.selectors import get_album, get_photo, get_share_link, list_share_links
from gallery.services import share_link_create, share_link_revoke


class ShareLinksView(ListView):
    """The share links of an album."""

    resource = Resource.SHARE_LINKS
    serializer_class = ShareLinkSerializer
    filterset_class = ShareLinkFilters

    @extend_schema(operation_id="share_links_list")
    def get(self, request: Request, album_id: uuid.UUID) -> Response:
        """The links that are open, newest first; for the owner alone."""
        album = get_album(self.user, album_id)
        require_owner(self.user, album)
        return self.list_rows(list_share_links(album))

    @extend_schema(
        operation_id="share_links_create",
        request=ShareLinkRequestSerializer,
        responses={201: ShareLinkSerializer},
    )
    def post(self, request: Request, album_id: uuid.UUID) -> Response:
        """Make a link to the album, or to one photo in it; the owner may.

        It shows the photos as they are now, unless `always_newest` is true. Photos that are added
        to the album later appear too, with their later edits. After Undo, visitors keep seeing the
        later state until there is a newer edit.
        """
        album = get_album(self.user, album_id)
        values = self.read_body(ShareLinkRequestSerializer)
        photo = get_photo(self.user, values["photo"]) if values.get("photo") else None
        link = share_link_create(
            user=self.user,
            album=album,
            photo=photo,
            expires_in_days=values.get("expires_in_days"),
            always_newest=values["always_newest"],
        )
        location = reverse("api-share-link", args=[link.pk])
        return Response(ShareLinkSerializer(link).data, status=201, headers={"Location": location})


class ShareLinkView(ApiView):
    """One share link."""

    resource = Resource.SHARE_LINKS

    @extend_schema(operation_id="share_links_revoke", responses={204: None})
    def delete(self, request: Request, link_id: uuid.UUID) -> Response:
        """Revoke it: from now on it opens nothing; the owner may."""
        share_link_revoke(user=self.user, link=get_share_link(self.user, link_id))
        return Response(status=204)
