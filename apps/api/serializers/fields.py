"""Fields that several bodies share."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

from api.parsers import json_from_text


@extend_schema_field(OpenApiTypes.URI_REF)
class PathTo(serializers.ReadOnlyField):
    """The path of the row's own address called `view_name`."""

    def __init__(self, view_name: str, **options: Any) -> None:
        super().__init__(**{"source": "pk"} | options)
        self.view_name = view_name

    def to_representation(self, value: Any) -> str:
        """The address of the row with this key."""
        return reverse(self.view_name, args=[value])


class FormList(serializers.ListField):
    """A list; in a form a repeated field, words with commas, or one field of JSON."""

    def get_value(self, dictionary: Mapping[Any, Any]) -> Any:
        """The raw list; what cannot be read stays as it is and fails the check."""
        if not isinstance(dictionary, QueryDict):
            return super().get_value(dictionary)
        values = dictionary.getlist(str(self.field_name))
        if len(values) != 1:
            return values or empty
        text = values[0].strip()
        if not text.startswith("["):
            return [word.strip() for word in text.split(",") if word.strip()]
        try:
            return json_from_text(text)
        except ValueError:
            return text


class FormBoolean(serializers.BooleanField):
    """Yes or no; in a form, too, what is not named keeps its default."""

    default_empty_html = empty
