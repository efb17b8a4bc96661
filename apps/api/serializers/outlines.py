"""Points that somebody clicked, and the outline of the object there."""

from typing import Any

from rest_framework import serializers

from api.serializers.fields import MAX_COORDINATE

MAX_CLICKS = 8


class ClickSerializer(serializers.Serializer[Any]):
    """A point in pixels of the photo."""

    x = serializers.FloatField(min_value=0, max_value=MAX_COORDINATE)
    y = serializers.FloatField(min_value=0, max_value=MAX_COORDINATE)
    adds = serializers.BooleanField(
        default=True,
        help_text="Whether what is there belongs to the object; `false` takes it away.",
    )


class OutlineRequestSerializer(serializers.Serializer[Any]):
    """Where to look for an object."""

    points = serializers.ListField(child=ClickSerializer(), min_length=1, max_length=MAX_CLICKS)
    revision = serializers.UUIDField(
        required=False, allow_null=True, help_text="The state to look at; null: the current one."
    )


class OutlineSerializer(serializers.Serializer[Any]):
    """The outline of an object; send its `polygons` or its mask with an edit to remove it."""

    polygons = serializers.ListField(
        child=serializers.ListField(child=serializers.ListField(child=serializers.FloatField())),
        help_text="Outer rings of [x, y] in pixels of the photo, with a rim around the object.",
    )
    mask = serializers.CharField(
        help_text="A grey PNG of the photo's size in Base64, 255 = inside; or have it with `Accept:"
        " image/png` or `?format=png`."
    )
    covered_pixels = serializers.IntegerField()
