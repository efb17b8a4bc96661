"""The detector that calls DetectLabels of Amazon Rekognition.

https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DetectLabels.html
"""

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any

from vision.detectors.base import Box, Detection
from vision.detectors.rekognition_errors import (
    explain_failure,
    explain_misconfiguration,
    explain_unreadable_response,
)
from vision.detectors.rekognition_image import SentImage, encode_for_rekognition

if TYPE_CHECKING:
    from mypy_boto3_rekognition import RekognitionClient
    from mypy_boto3_rekognition.type_defs import InstanceTypeDef, LabelTypeDef

    from vision.images import Picture

DEFAULT_REGION = "us-east-1"
MOST_LABELS = 100
TRIES = 4
CONNECT_SECONDS = 5
READ_SECONDS = 30


class RekognitionDetector:
    """Client of Amazon Rekognition; it sends the picture to AWS. boto3 finds the credentials."""

    name = "rekognition"

    def __init__(
        self,
        region: str | None = None,
        endpoint_url: str | None = None,
        min_confidence: float = 0.5,
    ) -> None:
        """Keep the options; nothing is sent yet.

        Args:
            region: None takes AWS_REGION, AWS_DEFAULT_REGION or us-east-1, in this order.
            endpoint_url: None means AWS's own for the region.
            min_confidence: least confidence, 0..1, of what is reported.
        """
        self._region = (
            region
            or os.environ.get("AWS_REGION")
            or os.environ.get("AWS_DEFAULT_REGION")
            or DEFAULT_REGION
        )
        self._endpoint_url = endpoint_url
        self._min_confidence = min_confidence

    def detect(self, picture: "Picture") -> list[Detection]:
        """Return every instance with its box, and labels without instances with no box.

        Throttling, server errors and lost connections are retried, up to `TRIES` attempts with
        growing random delays, before they raise.

        Raises:
            vision.errors.DetectorFailed: codes detector_throttled and detector_unreachable (a later
                attempt may work), detector_denied, detector_rejected_input.
        """
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        client, image = self._client, encode_for_rekognition(picture)
        try:
            response = client.detect_labels(
                Image={"Bytes": image.jpeg},
                MaxLabels=MOST_LABELS,
                MinConfidence=self._min_confidence * 100,
            )
            detections = [
                item
                for label in response["Labels"]
                for item in self._build_detections(label, image)
            ]
        except (BotoCoreError, ClientError) as error:
            raise explain_failure(error) from error
        except (ResponseParserError, KeyError, TypeError, ValueError, AttributeError) as error:
            # botocore itself raises such errors for JSON of an unexpected shape.
            raise explain_unreadable_response(error) from error
        return sorted(detections, key=lambda detection: -detection.confidence)

    @cached_property
    def _client(self) -> "RekognitionClient":
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError

        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": TRIES},
        )
        try:  # boto3's default session is not safe between threads
            return boto3.session.Session().client(
                "rekognition",
                region_name=self._region,
                endpoint_url=self._endpoint_url,
                config=config,
            )
        except (BotoCoreError, ValueError) as error:
            raise explain_misconfiguration(error) from error

    def _build_detections(self, label: "LabelTypeDef", image: SentImage) -> list[Detection]:
        """Return one detection for each instance of a label, or one without a box if none."""
        parents = tuple(parent["Name"].lower() for parent in label.get("Parents", []))
        name, instances = label["Name"].lower(), label.get("Instances", [])
        if not instances:
            return [Detection(name, _to_share(label["Confidence"]), None, parents, self.name)]
        return [
            Detection(name, _to_share(instance["Confidence"]), box, parents, self.name)
            for instance in instances
            if (box := _to_box(instance, image)) is not None
        ]


def _to_share(percent: Any) -> float:
    """Convert a percentage to 0..1."""
    return min(1.0, max(0.0, float(percent) / 100))


def _to_box(instance: "InstanceTypeDef", image: SentImage) -> Box | None:
    """Convert shares of the sent image to px of the picture; None if all of it is padding."""
    place = instance["BoundingBox"]
    left, top = place["Left"] * image.width, place["Top"] * image.height
    right, bottom = left + place["Width"] * image.width, top + place["Height"] * image.height
    edges = (left / image.scale, top / image.scale, right / image.scale, bottom / image.scale)
    return Box.from_edges(edges, image.picture_width, image.picture_height)
