"""The bodies of the call that does everything for one picture."""

from rest_framework import serializers

from api.downloads import FORMAT_CHOICES, ORIGINAL
from api.serializers.edits import CreatedEditSerializer
from api.serializers.selections import (
    MASK_FILE_HELP,
    FillOptionsSerializer,
    MaskFileOptionsSerializer,
    ShapesRequestSerializer,
)


class VanishRequestSerializer(
    ShapesRequestSerializer, MaskFileOptionsSerializer, FillOptionsSerializer
):
    """A picture, what should vanish from it, and how."""

    mask_field = "mask"

    image = serializers.FileField(allow_empty_file=True)
    mask = serializers.FileField(required=False, allow_empty_file=True, help_text=MASK_FILE_HELP)
    format = serializers.ChoiceField(
        FORMAT_CHOICES,
        default=ORIGINAL,
        help_text="Of the answer; `original` is the picture's own, or PNG where we can't write it.",
    )


class VanishEditSerializer(CreatedEditSerializer):
    """An edit whose photo is kept for a short time only."""

    expires_at = serializers.DateTimeField(
        source="photo.album.expires_at",
        help_text="Photo, mask, result and this edit are deleted at most an hour later.",
    )
