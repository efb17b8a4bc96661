"""Photos."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.addresses import build_path
from api.selectors import PhotoRow
from api.serializers.fields import PathField
from api.serializers.revisions import RevisionLinksSerializer, build_revision_links
from gallery.models import Photo, Rendition, Role
from gallery.policies import EDITING_ROLES
from gallery.renditions import SCREEN_SIZES, compute_screen_size
from gallery.services.photos import TITLE_LENGTH
from jobs.models import State

SOURCES = ("file", "url", "example")
SCREEN_KINDS = [(kind.value, kind.label) for kind in SCREEN_SIZES]


class MetadataSerializer(serializers.Serializer[Any]):
    """The metadata in a photo's file; null where the file has none."""

    profile = serializers.CharField(allow_null=True, help_text="Name of the colour profile.")
    dpi = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="Across and down."
    )
    camera = serializers.CharField(allow_null=True)
    lens = serializers.CharField(allow_null=True)
    taken_at = serializers.CharField(
        allow_null=True, help_text="ISO 8601 by the camera's clock, without a time zone."
    )
    has_location = serializers.BooleanField(
        help_text="The file says where it was taken, and so do its downloads."
    )


class RenditionSerializer(serializers.Serializer[Any]):
    """A small picture of the current state."""

    kind = serializers.ChoiceField(SCREEN_KINDS)
    url = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class PhotoSerializer(serializers.Serializer[Photo]):
    """A photo as the user sees it: a `PhotoRow`."""

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
    metadata = MetadataSerializer(
        allow_null=True, help_text="The metadata in the file; null for old photos."
    )
    role = serializers.ChoiceField(Role.choices, help_text="The user's own, in the album.")
    can_edit = serializers.SerializerMethodField()
    original = PathField("api-photo-original")
    current = RevisionLinksSerializer()
    renditions = serializers.SerializerMethodField()
    original_revision = serializers.SerializerMethodField()
    can_undo = serializers.SerializerMethodField()
    can_redo = serializers.SerializerMethodField()
    detection_state = serializers.ChoiceField(State.choices, allow_null=True)
    unfinished_edits = serializers.IntegerField()
    url = PathField("photo", help_text="The photo's page.")

    def get_can_edit(self, photo: PhotoRow) -> bool:
        """Whether the user may change it."""
        return photo.role in EDITING_ROLES

    @extend_schema_field(RenditionSerializer(many=True))
    def get_renditions(self, photo: PhotoRow) -> list[dict[str, Any]]:
        """Pictures of the current state for the screen, and their sizes."""
        kinds = SCREEN_SIZES if photo.current_id else ()
        return [_describe_rendition(photo, kind) for kind in kinds]

    @extend_schema_field(RevisionLinksSerializer)
    def get_original_revision(self, photo: PhotoRow) -> Mapping[str, Any]:
        """The state before any edit."""
        return build_revision_links(photo.original_revision_id, number=0)

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
        """Require exactly one source. Raises ValidationError."""
        if len(attrs.keys() & set(SOURCES)) != 1:
            raise serializers.ValidationError(f"Send one of {', '.join(SOURCES)}.")
        return attrs


class PhotoChangeSerializer(serializers.Serializer[Any]):
    """Another title, or another album."""

    title = serializers.CharField(required=False, max_length=TITLE_LENGTH, allow_blank=True)
    album = serializers.UUIDField(required=False)


def _describe_rendition(photo: Photo, kind: Rendition.Kind) -> dict[str, Any]:
    width, height = compute_screen_size(photo, kind)
    url = build_path(f"api-revision-{kind}", str(photo.current_id))
    return {"kind": kind.value, "url": url, "width": width, "height": height}
