"""States of a photo."""

from rest_framework import serializers

from api.serializers.fields import PathTo
from gallery.models import Revision


class RevisionLinksSerializer(serializers.Serializer[Revision]):
    """Where to see and get a revision."""

    id = serializers.UUIDField()
    number = serializers.IntegerField(help_text="0 is the original.")
    thumbnail = PathTo("api-revision-thumbnail")
    preview = PathTo("api-revision-preview")
    download = PathTo("api-revision-download")


class RevisionSerializer(RevisionLinksSerializer):
    """One state of a photo: what it was made from, and by which edit."""

    parent = serializers.UUIDField(source="parent_id", allow_null=True)  # type: ignore[assignment]
    edit = serializers.UUIDField(source="edit_id", allow_null=True)
    label = serializers.CharField()  # type: ignore[assignment]
    created_at = serializers.DateTimeField()
    is_current = serializers.SerializerMethodField()
    width = serializers.IntegerField(source="photo.width")
    height = serializers.IntegerField(source="photo.height")

    def get_is_current(self, revision: Revision) -> bool:
        """Whether the photo shows this state."""
        return revision.photo.current_id == revision.pk
