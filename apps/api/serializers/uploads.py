"""Direct uploads."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gallery.models import Upload
from gallery.services import part_requests_build
from gallery.services.photos import TITLE_LENGTH


class PartSerializer(serializers.Serializer[Any]):
    """One call to make: the bytes from `offset` on, `length` of them, to `url`.

    With `fields` send multipart/form-data: these fields first, then the bytes as `file`. Without,
    send the bytes as the body. The address itself is the right: send no token and no cookies.
    """

    method = serializers.ChoiceField(["POST", "PUT"])
    url = serializers.CharField(help_text="Relative to this one, or at the storage.")
    offset = serializers.IntegerField()
    length = serializers.IntegerField()
    fields = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]
    headers = serializers.DictField(child=serializers.CharField())


class UploadSerializer(serializers.Serializer[Upload]):
    """A file that is being uploaded."""

    id = serializers.UUIDField()
    filename = serializers.CharField()
    length = serializers.IntegerField(help_text="Bytes.")
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(help_text="What has not been taken in by then is lost.")
    photo = serializers.UUIDField(source="photo_id", allow_null=True)


class UploadRequestsSerializer(UploadSerializer):
    """A file that is being uploaded, and the calls that send the missing parts."""

    requests = serializers.SerializerMethodField()

    @extend_schema_field(PartSerializer(many=True))
    def get_requests(self, upload: Upload) -> list[dict[str, Any]]:
        """Empty when everything has arrived."""
        return [dict(PartSerializer(part).data) for part in part_requests_build(upload)]


class UploadRequestSerializer(serializers.Serializer[Any]):
    """The announcement of a file."""

    filename = serializers.CharField(max_length=500)
    length = serializers.IntegerField(min_value=0, help_text="Bytes.")
    type = serializers.CharField(
        max_length=60, required=False, allow_blank=True, help_text="image/jpeg, …", source="mime"
    )
    sha256 = serializers.CharField(
        max_length=64, required=False, allow_blank=True, help_text="In hex; checked at the end."
    )
    album = serializers.UUIDField(required=False, allow_null=True)
    title = serializers.CharField(required=False, max_length=TITLE_LENGTH, allow_blank=True)
