"""The example library."""

from typing import Any

from rest_framework import serializers

from api.serializers.fields import PathField


class ExampleSerializer(serializers.Serializer[Any]):
    """A picture to try things with, and its author."""

    id = serializers.CharField()
    title = serializers.CharField()
    credit = serializers.CharField()
    licence = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    thumbnail = PathField("api-example-thumbnail", source="id")
