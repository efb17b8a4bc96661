"""A small HTTP server that answers as Rekognition does, in the order a test says."""

import base64
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from PIL import Image

TARGET = "RekognitionService.DetectLabels"


@dataclass(frozen=True)
class Answer:
    """One answer: a status and a JSON body, or bytes as they are."""

    status: int
    body: dict[str, Any] | bytes

    @property
    def payload(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


def build_error(code: str, message: str, status: int = 400) -> Answer:
    """An error as AWS's JSON protocol writes it."""
    return Answer(status, {"__type": code, "message": message})


def build_labels(*items: dict[str, Any]) -> Answer:
    """A successful answer."""
    return Answer(200, {"Labels": list(items), "LabelModelVersion": "3.0"})


@dataclass
class RekognitionServer:
    """Gives `answers` one by one, the last one for ever; keeps what it was asked."""

    answers: list[Answer]
    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    images: list[bytes] = field(default_factory=list)

    def read_sizes(self) -> list[tuple[int, int]]:
        """Width and height of every image that was sent."""
        return [Image.open(io.BytesIO(image), formats=["JPEG"]).size for image in self.images]

    def answer_request(self, target: str, body: bytes) -> Answer:
        """The answer to one request."""
        if target != TARGET:
            return build_error("UnknownOperationException", target)
        request = json.loads(body)
        self.images.append(base64.b64decode(request.pop("Image")["Bytes"]))
        self.requests.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def start_rekognition(*answers: Answer) -> Iterator[RekognitionServer]:
    """A running server on a free port."""
    rekognition = RekognitionServer(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = rekognition.answer_request(self.headers["X-Amz-Target"], body)
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(answer.payload)))
            self.end_headers()
            self.wfile.write(answer.payload)

        def log_message(self, *_: object) -> None:
            """Tests print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        rekognition.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield rekognition
        finally:
            server.shutdown()
            thread.join()
