"""The detectors and inpainters of this installation."""

from typing import Any

from rest_framework import serializers


class DetectorSerializer(serializers.Serializer[Any]):
    """A detector, and why it can't be used if so."""

    name = serializers.CharField()
    available = serializers.BooleanField()
    reason = serializers.CharField()


class InpainterSerializer(DetectorSerializer):
    """An inpainter, and why it can't be used if so."""

    title = serializers.CharField()
    optional = serializers.BooleanField(
        help_text="It is not installed here, and need not be: its model file is fetched by name."
    )


class EnginesSerializer(serializers.Serializer[Any]):
    """The inpainters and the detectors."""

    inpainters = InpainterSerializer(many=True)
    default_inpainter = serializers.CharField()
    detector = DetectorSerializer(help_text="The one that is set.")
    detectors = DetectorSerializer(many=True)
