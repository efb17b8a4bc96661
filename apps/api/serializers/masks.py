"""Masks."""

from typing import Any

from rest_framework import serializers

from api.serializers.fields import PathTo
from inpainting.models import Mask


class MaskSerializer(serializers.Serializer[Mask]):
    """Which pixels go."""

    id = serializers.UUIDField()
    photo = serializers.UUIDField(source="photo_id")
    name = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    covered_pixels = serializers.IntegerField()
    sha256 = serializers.CharField()
    created_at = serializers.DateTimeField()
    file = PathTo("api-mask-file", help_text="A PNG: 255 = remove, 0 = keep.")


class MaskRequestSerializer(serializers.Serializer[Any]):
    """A mask to keep: a PNG of the photo's size, 255 = remove, 0 = keep."""

    file = serializers.FileField(allow_empty_file=True)
    name = serializers.CharField(required=False, max_length=120, allow_blank=True, default="")
