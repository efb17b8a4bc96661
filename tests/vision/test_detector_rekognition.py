"""The Rekognition detector, spoken to over HTTP: moto's server, and one that misbehaves."""

import socket
from typing import Any

import numpy as np
import pytest

from tests.vision.canvas import picture_of
from tests.vision.rekognition_server import Answer, labels, refusal, rekognition_server
from vision.detectors import Box, load_detector
from vision.detectors import rekognition as module
from vision.detectors.rekognition import RekognitionDetector
from vision.detectors.rekognition_image import MOST_BYTES, encode_for_rekognition
from vision.errors import DetectorFailed
from vision.images import Picture
from vision.weights import ModelStore

pytestmark = pytest.mark.usefixtures("aws_credentials")

DOG: dict[str, Any] = {
    "Name": "Dog",
    "Confidence": 97.5,
    "Parents": [{"Name": "Animal"}, {"Name": "Pet"}],
    "Instances": [
        {
            "Confidence": 90.0,
            "BoundingBox": {"Left": 0.1, "Top": 0.2, "Width": 0.25, "Height": 0.5},
        },
        {
            "Confidence": 80.0,
            "BoundingBox": {"Left": 0.9, "Top": -0.1, "Width": 0.2, "Height": 0.3},
        },
    ],
}
BEACH: dict[str, Any] = {"Name": "Beach", "Confidence": 85.0, "Parents": [], "Instances": []}


def grey(width: int = 400, height: int = 200) -> Picture:
    """A plain picture."""
    return picture_of(np.full((height, width, 3), 128, np.uint8))


def noise(width: int, height: int) -> Picture:
    """A picture that hardly compresses."""
    return picture_of(np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8))


def test_asks_the_moto_server(moto_server: str, tmp_path: Any) -> None:
    detector = load_detector("rekognition", ModelStore(tmp_path), endpoint_url=moto_server)

    (phone,) = detector.detect(grey(1000, 500))

    # What moto says of every picture: Left 0.3604, Top 0.0925, Width 0.2678, Height 0.8562.
    assert phone.label == "mobile phone"
    assert phone.parents == ("phone",)
    assert phone.confidence == pytest.approx(0.999364, abs=1e-6)
    assert phone.box == Box(360, 46, 269, 429)
    assert phone.detector == "rekognition"


def test_every_instance_has_its_box_and_a_label_without_instances_none() -> None:
    with rekognition_server(labels(BEACH, DOG)) as server:
        found = RekognitionDetector(endpoint_url=server.url, min_confidence=0.55).detect(grey())

    assert [(d.label, d.confidence, d.box, d.parents) for d in found] == [
        ("dog", 0.9, Box(40, 40, 100, 100), ("animal", "pet")),
        ("beach", 0.85, None, ()),
        ("dog", 0.8, Box(360, 0, 40, 40), ("animal", "pet")),
    ]
    assert server.requests == [{"MaxLabels": 100, "MinConfidence": pytest.approx(55)}]


def test_throttling_is_waited_out() -> None:
    throttled = refusal("ThrottlingException", "Rate exceeded")
    with rekognition_server(throttled, throttled, labels(BEACH)) as server:
        found = RekognitionDetector(endpoint_url=server.url).detect(grey())

    assert [d.label for d in found] == ["beach"]
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ThrottlingException", 400),
        ("ProvisionedThroughputExceededException", 400),
        ("LimitExceededException", 400),
    ],
)
def test_throttling_without_end_may_be_tried_later(
    code: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TRIES", 2)
    with (
        rekognition_server(refusal(code, "slow down", status)) as server,
        pytest.raises(DetectorFailed) as failed,
    ):
        RekognitionDetector(endpoint_url=server.url).detect(grey())

    assert len(server.requests) == 2
    assert (failed.value.code, failed.value.permanent) == ("detector_throttled", False)


def test_a_server_error_is_tried_again() -> None:
    fault = refusal("InternalServerError", "oops", 500)
    with rekognition_server(fault, fault, fault, labels(BEACH)) as server:
        found = RekognitionDetector(endpoint_url=server.url).detect(grey())

    assert [d.label for d in found] == ["beach"]
    assert len(server.requests) == 4


def test_server_errors_without_end_may_be_tried_later() -> None:
    with (
        rekognition_server(Answer(503, b"<html>Service Unavailable</html>")) as server,
        pytest.raises(DetectorFailed) as failed,
    ):
        RekognitionDetector(endpoint_url=server.url).detect(grey())

    assert len(server.requests) == 4
    assert (failed.value.code, failed.value.permanent) == ("detector_unreachable", False)


def test_nobody_listening_may_be_tried_later() -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))  # bound, but it never listens
        address = f"http://127.0.0.1:{unheard.getsockname()[1]}"

        with pytest.raises(DetectorFailed) as failed:
            RekognitionDetector(endpoint_url=address).detect(grey())

    assert (failed.value.code, failed.value.permanent) == ("detector_unreachable", False)


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "UnrecognizedClientException", "ExpiredTokenException"]
)
def test_a_refused_account_is_the_admins_matter(code: str) -> None:
    with (
        rekognition_server(refusal(code, "User is not authorized")) as server,
        pytest.raises(DetectorFailed) as failed,
    ):
        RekognitionDetector(endpoint_url=server.url).detect(grey())

    assert len(server.requests) == 1
    assert failed.value.code == "detector_denied"
    assert (failed.value.permanent, failed.value.user_can_fix) == (True, False)
    assert "rekognition:DetectLabels" in failed.value.message
    assert "User is not authorized" in failed.value.message


@pytest.mark.parametrize("code", ["InvalidImageFormatException", "ImageTooLargeException"])
def test_a_refused_photo_is_the_users_matter(code: str) -> None:
    with (
        rekognition_server(refusal(code, "Request has invalid image")) as server,
        pytest.raises(DetectorFailed) as failed,
    ):
        RekognitionDetector(endpoint_url=server.url).detect(grey())

    assert len(server.requests) == 1
    assert failed.value.code == "detector_rejected_input"
    assert (failed.value.permanent, failed.value.user_can_fix) == (True, True)
    assert "Request has invalid image" in failed.value.message


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"not JSON {"),
        Answer(200, b"[1, 2]"),
        Answer(200, {"Surprise": True}),
        Answer(200, {"Labels": [{"Confidence": 99.0}]}),
        Answer(200, {"Labels": [{"Name": "Dog", "Instances": [{"Confidence": 9.0}]}]}),
        Answer(200, {"Labels": [{"Name": "Dog", "Confidence": "much"}]}),
        labels({**DOG, "Instances": [{"Confidence": 9.0, "BoundingBox": {"Left": 0.5}}]}),
    ],
)
def test_a_malformed_answer_is_said_to_be_one(answer: Answer) -> None:
    with rekognition_server(answer) as server, pytest.raises(DetectorFailed) as failed:
        RekognitionDetector(endpoint_url=server.url).detect(grey())

    assert (failed.value.code, failed.value.permanent) == ("detector_unreachable", False)
    assert "can't be read" in failed.value.message


def test_missing_credentials_are_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(DetectorFailed) as failed:
        RekognitionDetector(endpoint_url="http://127.0.0.1:9").detect(grey())

    assert (failed.value.code, failed.value.permanent) == ("detector_denied", True)
    assert "AWS_ACCESS_KEY_ID" in failed.value.message


@pytest.mark.parametrize(
    ("region", "endpoint_url", "named"),
    [("not a region", None, "not a region"), (None, "no-scheme.example", "no-scheme.example")],
)
def test_wrong_settings_are_the_admins_matter(
    region: str | None, endpoint_url: str | None, named: str
) -> None:
    with pytest.raises(DetectorFailed) as failed:
        RekognitionDetector(region=region, endpoint_url=endpoint_url).detect(grey())

    assert (failed.value.code, failed.value.permanent) == ("detector_denied", True)
    assert named in failed.value.message


@pytest.mark.parametrize(
    ("argument", "environment", "expected"),
    [
        (None, {}, "us-east-1"),
        (None, {"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1"),
        (None, {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_REGION": "eu-central-1"}, "eu-central-1"),
        ("us-west-2", {"AWS_REGION": "eu-central-1"}, "us-west-2"),
    ],
)
def test_region(
    argument: str | None,
    environment: dict[str, str],
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert RekognitionDetector(region=argument)._client.meta.region_name == expected


@pytest.mark.parametrize(
    ("width", "height", "sent"),
    [
        (400, 200, (400, 200)),
        (8192, 4096, (4096, 2048)),
        (16000, 40, (4096, 80)),  # shrunk to 4096 x 10, then padded
        (40, 30, (107, 80)),  # enlarged
        (1, 300, (80, 4096)),
        (1, 1, (80, 80)),
    ],
)
def test_boxes_map_back_from_what_was_sent(width: int, height: int, sent: tuple[int, int]) -> None:
    image = encode_for_rekognition(grey(width, height))
    whole = {
        "Left": 0,
        "Top": 0,
        "Width": min(1, width * image.scale / image.width),
        "Height": min(1, height * image.scale / image.height),
    }
    label = {**DOG, "Instances": [{"Confidence": 90.0, "BoundingBox": whole}]}
    with rekognition_server(labels(label)) as server:
        (dog,) = RekognitionDetector(endpoint_url=server.url).detect(grey(width, height))

    assert server.sizes() == [sent]
    assert dog.box == Box(0, 0, width, height)


def test_a_box_in_the_padding_alone_is_left_out() -> None:
    below = {"Left": 0.1, "Top": 0.9, "Width": 0.1, "Height": 0.1}
    label = {**DOG, "Instances": [{"Confidence": 90.0, "BoundingBox": below}]}
    with rekognition_server(labels(label)) as server:
        assert RekognitionDetector(endpoint_url=server.url).detect(grey(16000, 40)) == []


def test_what_is_sent_stays_within_five_megabytes() -> None:
    image = encode_for_rekognition(noise(3000, 2000))

    assert 1_000_000 < len(image.jpeg) <= MOST_BYTES
    assert image.width < 3000
    assert image.width / image.height == pytest.approx(1.5, abs=0.01)
    assert image.scale == pytest.approx(image.width / 3000, rel=1e-3)
