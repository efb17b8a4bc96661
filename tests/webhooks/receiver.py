"""A real web server on this machine that receives events and sends chosen responses."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook as Verifier

Responder = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class ReceivedRequest:
    """One request that the server has received."""

    path: str
    headers: dict[str, str]
    body: bytes

    def verify(self, secret: str) -> dict[str, Any]:
        """Return the event, verified by the reference library.

        Raises:
            WebhookVerificationError: the signature is not valid.
        """
        event: dict[str, Any] = Verifier(secret).verify(self.body, self.headers)
        assert event == json.loads(self.body)
        return event


def build_responder(status: int = 204, body: bytes = b"", **headers: str) -> Responder:
    """Return a responder; `Retry_After="7"` sends the header `Retry-After`."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return send


@dataclass
class Receiver:
    """The server: how it responds, and which requests it has received."""

    port: int = 0
    respond: Responder = field(default_factory=build_responder)
    requests: list[ReceivedRequest] = field(default_factory=list)
    scheme: str = "http"

    def build_url(self, path: str = "/hook") -> str:
        """Return the URL for events."""
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"


@contextmanager
def serve(address: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Run a receiver on a free port."""
    receiver = Receiver(scheme="https" if tls else "http")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.requests.append(ReceivedRequest(self.path, dict(self.headers), body))
            # Tests let the sender close the connection in the middle of a response.
            with suppress(ConnectionError):
                receiver.respond(self)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Log nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Ignore errors: tests let the sender abort the handshake."""

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
