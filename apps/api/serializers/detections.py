"""The objects that were found in a photo, and the runs that find them."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.fields import PathField
from api.serializers.jobs import ErrorSerializer, describe_error
from inpainting.models import Detection, DetectionRun
from jobs.models import State

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


class DetectionRunSerializer(serializers.Serializer[DetectionRun]):
    """The run that finds objects in a photo, and its progress; a photo has one, begun anew."""

    id = serializers.UUIDField()
    photo = serializers.UUIDField(source="photo_id")
    state = serializers.ChoiceField(State.choices)
    progress = serializers.FloatField(help_text="0 to 1")
    queue_position = serializers.IntegerField(allow_null=True, help_text="From 1, while queued.")
    detector = serializers.CharField()
    min_confidence = serializers.FloatField(
        allow_null=True, help_text="0 to 1, of what is kept; null: the detector's own."
    )
    revision = serializers.UUIDField(
        source="revision_id", allow_null=True, help_text="What is examined; null: the original."
    )
    queued_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    error = serializers.SerializerMethodField()
    cancel_requested = serializers.SerializerMethodField()
    detections = PathField("api-detections", source="photo_id", help_text="What was found.")

    @extend_schema_field(ErrorSerializer(allow_null=True))
    def get_error(self, run: DetectionRun) -> dict[str, Any] | None:
        """Why it failed, or is tried again."""
        return describe_error(run)

    def get_cancel_requested(self, run: DetectionRun) -> bool:
        """Whether a user cancelled it, also while a worker still finishes."""
        return run.cancel_requested_at is not None


class DetectionRequestSerializer(serializers.Serializer[Any]):
    """How to detect; the installation's settings are the defaults."""

    detector = serializers.CharField(
        max_length=30, default="", allow_blank=True, help_text="One of those of `engines`."
    )
    min_confidence = serializers.FloatField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=1,
        help_text="Least confidence, 0 to 1, of what is kept; null: the detector's own.",
    )


class DetectionsSerializer(serializers.Serializer[Mapping[str, Any]]):
    """The newest detection run, and the objects that it found, most confident first."""

    state = serializers.ChoiceField(State.choices, allow_null=True)
    error = ErrorSerializer(allow_null=True)
    detector = serializers.CharField()
    run = serializers.UUIDField(allow_null=True, help_text="The detection run.")
    next = serializers.CharField(allow_null=True, help_text="Path of the next page.")
    previous = serializers.CharField(allow_null=True)
    results = DetectionSerializer(many=True)
