"""Selections: what an edit removes or a mask covers, by name, box or polygon."""

from typing import Any

from rest_framework import serializers

from api.serializers.fields import MAX_COORDINATE, FormBooleanField, FormListField, PolygonField

MAX_PARTS = 500


class BoxRequestSerializer(serializers.Serializer[Any]):
    """A rectangle in pixels of the photo."""

    x = serializers.IntegerField(min_value=0, max_value=MAX_COORDINATE)
    y = serializers.IntegerField(min_value=0, max_value=MAX_COORDINATE)
    width = serializers.IntegerField(min_value=1, max_value=MAX_COORDINATE)
    height = serializers.IntegerField(min_value=1, max_value=MAX_COORDINATE)


class ShapesRequestSerializer(serializers.Serializer[Any]):
    """The union of all that is named, for a photo without detections."""

    labels = FormListField(
        child=serializers.CharField(max_length=100), default=list, max_length=MAX_PARTS
    )
    boxes = FormListField(child=BoxRequestSerializer(), default=list, max_length=MAX_PARTS)
    polygons = FormListField(
        child=PolygonField(),
        default=list,
        max_length=MAX_PARTS,
        help_text="Each a list of at least three corners [x, y], in pixels of the photo.",
    )
    shadows = FormBooleanField(
        default=True, help_text="Detections and labels go with the shadows that they cast."
    )


class SelectionRequestSerializer(ShapesRequestSerializer):
    """The union of all that is named."""

    detections = FormListField(child=serializers.UUIDField(), default=list, max_length=MAX_PARTS)
    mask = serializers.UUIDField(required=False, allow_null=True)


class FillOptionsSerializer(serializers.Serializer[Any]):
    """How the hole is cut and filled."""

    inpainter = serializers.CharField(max_length=30, default="", allow_blank=True)
    grow = serializers.IntegerField(
        default=None,
        allow_null=True,
        help_text="Pixels by which what is marked grows; null: in photos up to a megapixel 4 for a "
        "mask, in larger ones in proportion to their sides, else 0.",
    )
    feather = serializers.IntegerField(
        default=None,
        allow_null=True,
        help_text="Pixels over which the fill fades in, inward; null: 2 for detected objects, "
        "whose masks have a rim for it, else 0.",
    )
