"""A real web server on this machine that takes events, and says what it is told to say."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook as Verifier

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    def verified(self, secret: str) -> dict[str, Any]:
        """The event, by the verdict of another hand; raises WebhookVerificationError."""
        event: dict[str, Any] = Verifier(secret).verify(self.body, self.headers)
        assert event == json.loads(self.body)
        return event


def answer(status: int = 204, body: bytes = b"", **headers: str) -> Answer:
    """Say this, `Retry_After="7"` for `Retry-After`."""

    def say(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return say


@dataclass
class Receiver:
    """The server: what it says, and what it was sent."""

    port: int = 0
    says: Answer = field(default_factory=answer)
    received: list[Received] = field(default_factory=list)
    scheme: str = "http"

    def url(self, path: str = "/hook") -> str:
        """Where it takes events."""
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"


@contextmanager
def serve(address: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver on a free port."""
    receiver = Receiver(scheme="https" if tls else "http")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.received.append(Received(self.path, dict(self.headers), body))
            # The sender hangs up in the middle; that is what is tested.
            with suppress(ConnectionError):
                receiver.says(self)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A handshake that the sender breaks off is what is tested."""

    server = Server((address, 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
