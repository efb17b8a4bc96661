"""Edits, the requests for them, and warnings about them."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.fields import ConventionField
from api.serializers.jobs import ErrorSerializer, describe_error
from api.serializers.selections import (
    MASK_FILE_HELP,
    NOTES_HELP,
    FillOptionsSerializer,
    MaskFileOptionsSerializer,
    SelectionRequestSerializer,
)
from inpainting.models import Edit
from jobs.models import State


class EditSerializer(serializers.Serializer[Edit]):
    """An edit and how far it is."""

    id = serializers.UUIDField()
    photo = serializers.UUIDField(source="photo_id")
    state = serializers.ChoiceField(State.choices)
    progress = serializers.FloatField(help_text="0 to 1")
    label = serializers.CharField()  # type: ignore[assignment]
    inpainter = serializers.CharField()
    variant = serializers.IntegerField(
        help_text="Which of the inpainter's results for this mask: 0 is the best one."
    )
    variant_of = serializers.UUIDField(
        source="variant_of_id",
        allow_null=True,
        help_text="The edit that this is another try of.",
    )
    base_revision = serializers.UUIDField(source="base_revision_id", allow_null=True)
    base_edit = serializers.UUIDField(source="base_edit_id", allow_null=True)
    mask = serializers.UUIDField(source="mask_id")
    detections = serializers.SerializerMethodField()
    missing_labels = serializers.ListField(
        child=serializers.CharField(),
        help_text="Labels that were asked for and name nothing in the photo; known once objects "
        "were looked for.",
    )
    grow = serializers.IntegerField(help_text="Pixels")
    feather = serializers.IntegerField(help_text="Pixels")
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    queue_position = serializers.IntegerField(allow_null=True, help_text="From 1, while queued.")
    revision = serializers.UUIDField(
        source="revision.pk", default=None, allow_null=True, help_text="The state that it made."
    )
    is_branch = serializers.BooleanField(
        help_text="The photo was changed meanwhile: kept as a branch."
    )
    error = serializers.SerializerMethodField()
    cancel_requested = serializers.SerializerMethodField()

    def get_detections(self, edit: Edit) -> list[uuid.UUID]:
        """The detected objects that were chosen."""
        return [detection.pk for detection in edit.detections.all()]

    @extend_schema_field(ErrorSerializer(allow_null=True))
    def get_error(self, edit: Edit) -> dict[str, Any] | None:
        """Why it failed, or is tried again."""
        return describe_error(edit)

    def get_cancel_requested(self, edit: Edit) -> bool:
        """Whether a user cancelled it, also while a worker still finishes."""
        return edit.cancel_requested_at is not None


class ForewarningSerializer(serializers.Serializer[Any]):
    """Why the result will probably not be what was meant."""

    code = serializers.CharField(help_text="hole_large, hole_touches_frame or label_not_found.")
    message = serializers.CharField()


class CreatedEditSerializer(EditSerializer):
    """A new edit, with warnings about its result."""

    warnings = ForewarningSerializer(many=True, source="forewarnings")
    mask_convention = ConventionField(source="mask.convention")
    mask_notes = serializers.ListField(
        child=serializers.CharField(), source="mask.notes", help_text=NOTES_HELP
    )


class ForewarningsSerializer(serializers.Serializer[Any]):
    """Warnings about a selection before it is removed."""

    warnings = ForewarningSerializer(many=True)
    mask_convention = ConventionField()
    mask_notes = serializers.ListField(child=serializers.CharField(), help_text=NOTES_HELP)


class EditRequestSerializer(
    SelectionRequestSerializer, MaskFileOptionsSerializer, FillOptionsSerializer
):
    """What should vanish: the union of all that is named; and how, on top of what."""

    mask_file = serializers.FileField(
        required=False, allow_empty_file=True, help_text=MASK_FILE_HELP
    )
    base_revision = serializers.UUIDField(required=False, allow_null=True)
    base_edit = serializers.UUIDField(required=False, allow_null=True)


class VariantRequestSerializer(serializers.Serializer[Any]):
    """How to try again."""

    inpainter = serializers.CharField(
        max_length=30,
        default="",
        allow_blank=True,
        help_text="Empty: the edit's own as long as it has more results, then another one.",
    )


class ForewarningsRequestSerializer(EditRequestSerializer):
    """The body of an edit; all that is not about what should vanish, or `grow`, is ignored."""
