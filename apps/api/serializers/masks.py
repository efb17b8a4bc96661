"""Masks."""

from typing import Any

from rest_framework import serializers

from api.serializers.fields import ConventionField, PathField
from api.serializers.selections import (
    MASK_FILE_HELP,
    NOTES_HELP,
    MaskFileOptionsSerializer,
    SelectionRequestSerializer,
)
from inpainting.models import Mask
from inpainting.services.masks import MAX_NAME_LENGTH


class MaskSerializer(serializers.Serializer[Mask]):
    """Which pixels go."""

    id = serializers.UUIDField()
    photo = serializers.UUIDField(source="photo_id")
    name = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    covered_pixels = serializers.IntegerField()
    sha256 = serializers.CharField()
    convention = ConventionField()
    notes = serializers.ListField(child=serializers.CharField(), help_text=NOTES_HELP)
    created_at = serializers.DateTimeField()
    file = PathField("api-mask-file", help_text="A PNG: 255 = remove, 0 = keep.")


class MaskNameSerializer(serializers.Serializer[Any]):
    """What a mask is called; may be empty."""

    name = serializers.CharField(max_length=MAX_NAME_LENGTH, allow_blank=True)


class MaskRequestSerializer(SelectionRequestSerializer, MaskFileOptionsSerializer):
    """A mask to keep: the union of all that is named and of a file."""

    mask_field = "file"

    file = serializers.FileField(required=False, allow_empty_file=True, help_text=MASK_FILE_HELP)
    name = serializers.CharField(
        required=False, max_length=MAX_NAME_LENGTH, allow_blank=True, default=""
    )
