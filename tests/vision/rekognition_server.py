"""A small HTTP server with Rekognition's protocol and the answers of a test."""

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
    """One answer: a status and a body, JSON or raw bytes."""

    status: int
    body: dict[str, Any] | bytes

    @property
    def payload(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


def build_error(code: str, message: str, status: int = 400) -> Answer:
    """Return an error in AWS's JSON protocol."""
    return Answer(status, {"__type": code, "message": message})


def build_labels(*items: dict[str, Any]) -> Answer:
    """Return a successful answer with these labels."""
    return Answer(200, {"Labels": list(items), "LabelModelVersion": "3.0"})


@dataclass
class RekognitionServer:
    """A server that gives `answers` in order, repeats the last one, and records requests."""

    answers: list[Answer]
    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    images: list[bytes] = field(default_factory=list)

    def read_sizes(self) -> list[tuple[int, int]]:
        """Return width and height of every image that was sent."""
        return [Image.open(io.BytesIO(image), formats=["JPEG"]).size for image in self.images]

    def answer_request(self, target: str, body: bytes) -> Answer:
        """Record one request and return its answer."""
        if target != TARGET:
            return build_error("UnknownOperationException", target)
        request = json.loads(body)
        self.images.append(base64.b64decode(request.pop("Image")["Bytes"]))
        self.requests.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def start_rekognition(*answers: Answer) -> Iterator[RekognitionServer]:
    """Start a server on a free port and yield it."""
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
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        rekognition.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield rekognition
        finally:
            server.shutdown()
            thread.join()
