"""What was found in a photo."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.jobs import ErrorSerializer
from inpainting.models import Detection, State

METHODS = [(name, name) for name in ("deeplab", "grabcut", "box")]


class BoxSerializer(serializers.Serializer[Any]):
    """A rectangle in pixels of the photo."""

    x = serializers.IntegerField()
    y = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class DetectionSerializer(serializers.Serializer[Detection]):
    """A labelled object, and the outline and shadow that would go."""

    id = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]
    parents = serializers.ListField(child=serializers.CharField())
    confidence = serializers.FloatField(help_text="0 to 1")
    detector = serializers.CharField()
    box = serializers.SerializerMethodField()
    outline = serializers.ListField(
        child=serializers.ListField(child=serializers.ListField(child=serializers.FloatField())),
        help_text="Polygons of [x, y] in pixels of the photo.",
    )
    outline_method = serializers.SerializerMethodField()
    shadow = serializers.ListField(
        child=serializers.ListField(child=serializers.ListField(child=serializers.FloatField())),
        help_text="Polygons like the outline's: the shadow that it casts; empty if none is seen.",
    )
    removed = serializers.SerializerMethodField()

    @extend_schema_field(BoxSerializer(allow_null=True))
    def get_box(self, detection: Detection) -> dict[str, int | None] | None:
        """Where it is; null for a label without a place."""
        if not detection.has_place:
            return None
        return {name: getattr(detection, name) for name in ("x", "y", "width", "height")}

    @extend_schema_field(serializers.ChoiceField(METHODS, allow_null=True))
    def get_outline_method(self, detection: Detection) -> str | None:
        """How the outline was found; `box` where none was."""
        return detection.outline_method or None

    def get_removed(self, detection: Detection) -> bool:
        """Whether it is gone in the photo's current state."""
        return detection.pk in self.context["removed"]


class DetectionsSerializer(serializers.Serializer[Mapping[str, Any]]):
    """The look for objects, and what the newest one found, surest first."""

    state = serializers.ChoiceField(State.choices, allow_null=True)
    error = ErrorSerializer(allow_null=True)
    detector = serializers.CharField()
    results = DetectionSerializer(many=True)
