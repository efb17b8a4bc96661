"""What this installation can do."""

from typing import Any

from rest_framework import serializers


class DetectorSerializer(serializers.Serializer[Any]):
    """The detector that is set, and why it can't be used if so."""

    name = serializers.CharField()
    available = serializers.BooleanField()
    reason = serializers.CharField()


class InpainterSerializer(DetectorSerializer):
    """An inpainter, and why it can't be used if so."""

    title = serializers.CharField()


class EnginesSerializer(serializers.Serializer[Any]):
    """The inpainters and the detector."""

    inpainters = InpainterSerializer(many=True)
    default_inpainter = serializers.CharField()
    detector = DetectorSerializer()
