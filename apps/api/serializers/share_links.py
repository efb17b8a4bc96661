"""Share links."""

from typing import Any

from rest_framework import serializers

from api.serializers.fields import PathField
from gallery.models import ShareLink
from gallery.services.share_links import MAX_DAYS


class ShareLinkSerializer(serializers.Serializer[ShareLink]):
    """A link that shows an album, or one photo in it, without a sign-in."""

    id = serializers.UUIDField()
    album = serializers.UUIDField(source="album_id")
    photo = serializers.UUIDField(
        source="photo_id", allow_null=True, help_text="null: the whole album."
    )
    url = PathField(
        "shared", source="token", help_text="Path of the page that needs no sign-in: a secret."
    )
    always_newest = serializers.BooleanField(
        help_text="false: each photo stays as it was at the creation of the link. true: later "
        "edits show too; after Undo, visitors keep seeing the later state until the next edit."
    )
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True, help_text="null: never.")


class ShareLinkRequestSerializer(serializers.Serializer[Any]):
    """A request for a link: to everything in the album, or to one photo."""

    photo = serializers.UUIDField(required=False, allow_null=True)
    always_newest = serializers.BooleanField(
        default=False, help_text="Whether visitors see edits that are made later."
    )
    expires_in_days = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=MAX_DAYS
    )
