"""Photos."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.selectors import PhotoRow
from api.serializers.fields import PathTo
from api.serializers.revisions import RevisionLinksSerializer
from gallery.models import Photo, Revision, Role
from gallery.policies import CAN_EDIT
from gallery.services.photos import TITLE_LENGTH
from inpainting.models import State

SOURCES = ("file", "url", "example")


class PhotoSerializer(serializers.Serializer[Photo]):
    """A photo as the asker sees it: a row of `api.selectors.photo_rows`."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    filename = serializers.CharField()
    album = serializers.UUIDField(source="album_id")
    format = serializers.CharField(help_text="Of the original: JPEG, PNG, …")
    mode = serializers.CharField(help_text="Channels and bits: RGB;8, L;16, …")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    sha256 = serializers.CharField(source="original_sha256", help_text="Of the uploaded bytes.")
    bytes = serializers.IntegerField(source="original_bytes")
    created_at = serializers.DateTimeField()
    credit = serializers.CharField()
    notes = serializers.ListField(child=serializers.CharField())
    role = serializers.ChoiceField(Role.choices, help_text="The asker's own, in the album.")
    can_edit = serializers.SerializerMethodField()
    original = PathTo("api-photo-original")
    current = RevisionLinksSerializer()
    original_revision = serializers.SerializerMethodField()
    can_undo = serializers.SerializerMethodField()
    can_redo = serializers.SerializerMethodField()
    detection_state = serializers.ChoiceField(State.choices, allow_null=True)
    unfinished_edits = serializers.IntegerField()
    url = PathTo("photo", help_text="The photo's page.")

    def get_can_edit(self, photo: PhotoRow) -> bool:
        """Whether the asker may change it."""
        return photo.role in CAN_EDIT

    @extend_schema_field(RevisionLinksSerializer)
    def get_original_revision(self, photo: PhotoRow) -> Mapping[str, Any]:
        """The state before any edit."""
        return RevisionLinksSerializer(Revision(pk=photo.original_revision_id, number=0)).data

    def get_can_undo(self, photo: PhotoRow) -> bool:
        """Whether there is a state before the current one."""
        return photo.current is not None and photo.current.parent_id is not None

    def get_can_redo(self, photo: PhotoRow) -> bool:
        """Whether the current state lies before the tip: undo and restore keep it on that line."""
        return photo.current_id != photo.tip_id


class PhotoRequestSerializer(serializers.Serializer[Any]):
    """A photo to take in: a file, an address on the public web, or an example."""

    file = serializers.FileField(required=False, allow_empty_file=True)
    url = serializers.CharField(required=False, max_length=2000)
    example = serializers.CharField(required=False, max_length=200)
    album = serializers.UUIDField(required=False, allow_null=True)
    title = serializers.CharField(required=False, max_length=TITLE_LENGTH, allow_blank=True)

    def validate(self, attrs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Exactly one source."""
        if len(attrs.keys() & set(SOURCES)) != 1:
            raise serializers.ValidationError(f"Send one of {', '.join(SOURCES)}.")
        return attrs


class PhotoChangeSerializer(serializers.Serializer[Any]):
    """Another title, or another album."""

    title = serializers.CharField(required=False, max_length=TITLE_LENGTH, allow_blank=True)
    album = serializers.UUIDField(required=False)
