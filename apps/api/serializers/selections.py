"""Selections: what an edit removes or a mask covers, by name, box or polygon."""

from typing import Any

from rest_framework import serializers

from api.serializers.fields import MAX_COORDINATE, FormBooleanField, FormListField, PolygonField
from vision.label_names import IF_MISSING, IGNORE
from vision.mask_reading import CONVENTIONS, MAX_VALUE, WHITE

MAX_PARTS = 500
NOTES_HELP = "What was noticed when the mask file was read, in sentences for people."
MASK_FILE_HELP = (
    "A picture of the photo's proportions, or JSON of COCO or Label Studio; in a form only."
)


class BoxRequestSerializer(serializers.Serializer[Any]):
    """A rectangle in pixels of the photo."""

    x = serializers.IntegerField(min_value=0, max_value=MAX_COORDINATE)
    y = serializers.IntegerField(min_value=0, max_value=MAX_COORDINATE)
    width = serializers.IntegerField(min_value=1, max_value=MAX_COORDINATE)
    height = serializers.IntegerField(min_value=1, max_value=MAX_COORDINATE)


class ShapesRequestSerializer(serializers.Serializer[Any]):
    """The union of all that is named, for a photo without detections."""

    labels = FormListField(
        child=serializers.CharField(max_length=100),
        default=list,
        max_length=MAX_PARTS,
        help_text="All objects with one of these labels, or with one of these as a broader name: "
        "`animal` stands for dogs, cats and all other animals, `vehicle` for cars, trucks, buses "
        "and trains. A car that was found as a truck is no `car`: the refusal names it.",
    )
    if_missing = serializers.ChoiceField(
        IF_MISSING,
        default=IGNORE,
        help_text="What to do about a label that names nothing in the photo: `ignore` removes the "
        "rest, and refuses only where there is no rest; `fail` refuses. Not for labels that the "
        "detector does not know (`label_unsupported`): these are always refused.",
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


class MaskFileOptionsSerializer(serializers.Serializer[Any]):
    """How a mask file is meant."""

    # The field of the mask file in the same body.
    mask_field = "mask_file"

    mask_convention = serializers.ChoiceField(
        CONVENTIONS,
        default=WHITE,
        help_text="The pixels of a mask file that go: the light and opaque, the dark and opaque, "
        "or the transparent ones; `auto` decides by the file. See /docs/masks.md.",
    )
    value = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=MAX_VALUE,
        help_text="The label to remove, of a mask file with one number for each pixel; "
        "without it, all but 0.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the values. Raises ValidationError for a label without a file."""
        if attrs.get("value") is not None and attrs.get(self.mask_field) is None:
            raise serializers.ValidationError({"value": ["Send it with a mask file."]})
        return attrs


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
