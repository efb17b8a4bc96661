"""The Rekognition detector over HTTP, with moto's server and with a faulty one."""

import socket
from typing import Any

import numpy as np
import pytest

from tests.vision.canvas import build_picture
from tests.vision.rekognition_server import Answer, build_error, build_labels, start_rekognition
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


def build_grey(width: int = 400, height: int = 200) -> Picture:
    """Return a plain grey picture."""
    return build_picture(np.full((height, width, 3), 128, np.uint8))


def build_noise(width: int, height: int) -> Picture:
    """Return a picture that hardly compresses."""
    return build_picture(np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8))


def test_a_detection_of_the_moto_server_is_read(moto_server: str, tmp_path: Any) -> None:
    detector = load_detector("rekognition", ModelStore(tmp_path), endpoint_url=moto_server)

    (phone,) = detector.detect(build_grey(1000, 500))

    # Moto's answer for every picture: Left 0.3604, Top 0.0925, Width 0.2678, Height 0.8562.
    assert phone.label == "mobile phone"
    assert phone.parents == ("phone",)
    assert phone.confidence == pytest.approx(0.999364, abs=1e-6)
    assert phone.box == Box(360, 46, 269, 429)
    assert phone.detector == "rekognition"


def test_every_instance_has_a_box_and_a_label_without_instances_has_none() -> None:
    with start_rekognition(build_labels(BEACH, DOG)) as server:
        detections = RekognitionDetector(endpoint_url=server.url, min_confidence=0.55).detect(
            build_grey()
        )

    assert [(d.label, d.confidence, d.box, d.parents) for d in detections] == [
        ("dog", 0.9, Box(40, 40, 100, 100), ("animal", "pet")),
        ("beach", 0.85, None, ()),
        ("dog", 0.8, Box(360, 0, 40, 40), ("animal", "pet")),
    ]
    assert server.requests == [{"MaxLabels": 100, "MinConfidence": pytest.approx(55)}]


def test_a_throttled_request_is_retried() -> None:
    throttled = build_error("ThrottlingException", "Rate exceeded")
    with start_rekognition(throttled, throttled, build_labels(BEACH)) as server:
        detections = RekognitionDetector(endpoint_url=server.url).detect(build_grey())

    assert [d.label for d in detections] == ["beach"]
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ThrottlingException", 400),
        ("ProvisionedThroughputExceededException", 400),
        ("LimitExceededException", 400),
    ],
)
def test_endless_throttling_is_a_temporary_error(
    code: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TRIES", 2)
    with (
        start_rekognition(build_error(code, "slow down", status)) as server,
        pytest.raises(DetectorFailed) as caught,
    ):
        RekognitionDetector(endpoint_url=server.url).detect(build_grey())

    assert len(server.requests) == 2
    assert (caught.value.code, caught.value.permanent) == ("detector_throttled", False)


def test_a_server_error_is_retried() -> None:
    fault = build_error("InternalServerError", "oops", 500)
    with start_rekognition(fault, fault, fault, build_labels(BEACH)) as server:
        detections = RekognitionDetector(endpoint_url=server.url).detect(build_grey())

    assert [d.label for d in detections] == ["beach"]
    assert len(server.requests) == 4


def test_endless_server_errors_are_a_temporary_error() -> None:
    with (
        start_rekognition(Answer(503, b"<html>Service Unavailable</html>")) as server,
        pytest.raises(DetectorFailed) as caught,
    ):
        RekognitionDetector(endpoint_url=server.url).detect(build_grey())

    assert len(server.requests) == 4
    assert (caught.value.code, caught.value.permanent) == ("detector_unreachable", False)


def test_a_refused_connection_is_a_temporary_error() -> None:
    with socket.socket() as unused_socket:
        unused_socket.bind(("127.0.0.1", 0))  # bound, but it never listens
        address = f"http://127.0.0.1:{unused_socket.getsockname()[1]}"

        with pytest.raises(DetectorFailed) as caught:
            RekognitionDetector(endpoint_url=address).detect(build_grey())

    assert (caught.value.code, caught.value.permanent) == ("detector_unreachable", False)


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "UnrecognizedClientException", "ExpiredTokenException"]
)
def test_a_refused_account_is_an_error_for_the_admin(code: str) -> None:
    with (
        start_rekognition(build_error(code, "User is not authorized")) as server,
        pytest.raises(DetectorFailed) as caught,
    ):
        RekognitionDetector(endpoint_url=server.url).detect(build_grey())

    assert len(server.requests) == 1
    assert caught.value.code == "detector_denied"
    assert (caught.value.permanent, caught.value.user_can_fix) == (True, False)
    assert "rekognition:DetectLabels" in caught.value.message
    assert "User is not authorized" in caught.value.message


@pytest.mark.parametrize("code", ["InvalidImageFormatException", "ImageTooLargeException"])
def test_a_refused_photo_is_an_error_for_the_user(code: str) -> None:
    with (
        start_rekognition(build_error(code, "Request has invalid image")) as server,
        pytest.raises(DetectorFailed) as caught,
    ):
        RekognitionDetector(endpoint_url=server.url).detect(build_grey())

    assert len(server.requests) == 1
    assert caught.value.code == "detector_rejected_input"
    assert (caught.value.permanent, caught.value.user_can_fix) == (True, True)
    assert "Request has invalid image" in caught.value.message


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"not JSON {"),
        Answer(200, b"[1, 2]"),
        Answer(200, {"Surprise": True}),
        Answer(200, {"Labels": [{"Confidence": 99.0}]}),
        Answer(200, {"Labels": [{"Name": "Dog", "Instances": [{"Confidence": 9.0}]}]}),
        Answer(200, {"Labels": [{"Name": "Dog", "Confidence": "much"}]}),
        build_labels({**DOG, "Instances": [{"Confidence": 9.0, "BoundingBox": {"Left": 0.5}}]}),
    ],
)
def test_a_malformed_answer_is_reported(answer: Answer) -> None:
    with start_rekognition(answer) as server, pytest.raises(DetectorFailed) as caught:
        RekognitionDetector(endpoint_url=server.url).detect(build_grey())

    assert (caught.value.code, caught.value.permanent) == ("detector_unreachable", False)
    assert "can't be read" in caught.value.message


def test_missing_credentials_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(DetectorFailed) as caught:
        RekognitionDetector(endpoint_url="http://127.0.0.1:9").detect(build_grey())

    assert (caught.value.code, caught.value.permanent) == ("detector_denied", True)
    assert "AWS_ACCESS_KEY_ID" in caught.value.message


@pytest.mark.parametrize(
    ("region", "endpoint_url", "expected"),
    [("not a region", None, "not a region"), (None, "no-scheme.example", "no-scheme.example")],
)
def test_wrong_settings_are_an_error_for_the_admin(
    region: str | None, endpoint_url: str | None, expected: str
) -> None:
    with pytest.raises(DetectorFailed) as caught:
        RekognitionDetector(region=region, endpoint_url=endpoint_url).detect(build_grey())

    assert (caught.value.code, caught.value.permanent) == ("detector_denied", True)
    assert expected in caught.value.message


@pytest.mark.parametrize(
    ("argument", "environment", "expected"),
    [
        (None, {}, "us-east-1"),
        (None, {"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1"),
        (None, {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_REGION": "eu-central-1"}, "eu-central-1"),
        ("us-west-2", {"AWS_REGION": "eu-central-1"}, "us-west-2"),
    ],
)
def test_the_argument_and_then_aws_region_choose_the_region(
    argument: str | None,
    environment: dict[str, str],
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert RekognitionDetector(region=argument)._client.meta.region_name == expected


@pytest.mark.parametrize(
    ("width", "height", "sent_size"),
    [
        (400, 200, (400, 200)),
        (8192, 4096, (4096, 2048)),
        (16000, 40, (4096, 80)),  # shrunk to 4096 x 10, then padded
        (40, 30, (107, 80)),  # enlarged
        (1, 300, (80, 4096)),
        (1, 1, (80, 80)),
    ],
)
def test_boxes_are_converted_back_from_the_resized_picture(
    width: int, height: int, sent_size: tuple[int, int]
) -> None:
    image = encode_for_rekognition(build_grey(width, height))
    whole_box = {
        "Left": 0,
        "Top": 0,
        "Width": min(1, width * image.scale / image.width),
        "Height": min(1, height * image.scale / image.height),
    }
    label = {**DOG, "Instances": [{"Confidence": 90.0, "BoundingBox": whole_box}]}
    with start_rekognition(build_labels(label)) as server:
        (dog,) = RekognitionDetector(endpoint_url=server.url).detect(build_grey(width, height))

    assert server.read_sizes() == [sent_size]
    assert dog.box == Box(0, 0, width, height)


def test_a_box_only_in_the_padding_is_ignored() -> None:
    padding_box = {"Left": 0.1, "Top": 0.9, "Width": 0.1, "Height": 0.1}
    label = {**DOG, "Instances": [{"Confidence": 90.0, "BoundingBox": padding_box}]}
    with start_rekognition(build_labels(label)) as server:
        assert RekognitionDetector(endpoint_url=server.url).detect(build_grey(16000, 40)) == []


def test_the_sent_picture_is_at_most_five_megabytes() -> None:
    image = encode_for_rekognition(build_noise(3000, 2000))

    assert 1_000_000 < len(image.jpeg) <= MOST_BYTES
    assert image.width < 3000
    assert image.width / image.height == pytest.approx(1.5, abs=0.01)
    assert image.scale == pytest.approx(image.width / 3000, rel=1e-3)
