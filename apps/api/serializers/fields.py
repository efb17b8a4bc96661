"""Serializer fields that several bodies share."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

from api.addresses import build_path
from api.http.parsers import BYTE_ORDER_MARK, parse_json_text
from vision.mask_reading import TAKEN_CONVENTIONS


@extend_schema_field(OpenApiTypes.URI_REF)
class PathField(serializers.ReadOnlyField):
    """The path of the row at the URL named `view_name`."""

    def __init__(self, view_name: str, **options: Any) -> None:
        super().__init__(**{"source": "pk"} | options)
        self.view_name = view_name

    def to_representation(self, value: Any) -> str:
        """Return the path of the row with this key."""
        return build_path(self.view_name, value)


class FormListField(serializers.ListField):
    """A list; in a form a repeated field, words with commas, or one field of JSON."""

    def get_value(self, dictionary: Mapping[Any, Any]) -> Any:
        """Return the raw list; a text that cannot be parsed stays a text and fails the check."""
        if not isinstance(dictionary, QueryDict):
            return super().get_value(dictionary)
        values = dictionary.getlist(str(self.field_name))
        if len(values) != 1:
            return values or empty
        text = values[0].removeprefix(BYTE_ORDER_MARK).strip()
        if not text.startswith("["):
            return [word.strip() for word in text.split(",") if word.strip()]
        try:
            return parse_json_text(text)
        except ValueError:
            return text


MAX_COORDINATE = 100_000
MAX_POINTS = 1_000


@extend_schema_field({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2})
class PointField(serializers.Field[Any, Any, Any, Any]):
    """A point [x, y] in pixels of the photo; it may be outside of the photo."""

    default_error_messages = {
        "not_a_point": "A point is [x, y], two numbers.",
        "too_far": f"At most {MAX_COORDINATE} pixels away.",
    }

    def to_internal_value(self, data: Any) -> tuple[float, float]:
        """Return x and y, at most MAX_COORDINATE from 0. Raises ValidationError."""
        is_pair = isinstance(data, list | tuple) and len(data) == 2
        if not is_pair or not all(type(value) in (int, float) for value in data):
            self.fail("not_a_point")
        x, y = data
        if not (-MAX_COORDINATE <= x <= MAX_COORDINATE and -MAX_COORDINATE <= y <= MAX_COORDINATE):
            self.fail("too_far")
        return float(x), float(y)


class PolygonField(serializers.ListField):
    """The corners of a shape, in order; the last is joined to the first."""

    def __init__(self, **options: Any) -> None:
        limits = {"min_length": 3, "max_length": MAX_POINTS}
        super().__init__(child=PointField(), **(limits | options))


class ConventionField(serializers.ChoiceField):
    """How a mask file was read; null where there was none."""

    def __init__(self, **options: Any) -> None:
        text = "How the mask file was read; null without one."
        super().__init__(TAKEN_CONVENTIONS, allow_null=True, help_text=text, **options)

    def to_representation(self, value: Any) -> Any:
        """Return the convention, and null for an empty text."""
        return value or None


class FormBooleanField(serializers.BooleanField):
    """True or false; a field that is missing in a form has its default, too."""

    default_empty_html = empty
