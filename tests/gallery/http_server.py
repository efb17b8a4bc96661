"""A real HTTP server on this machine, for tests of what fetches from the web."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Page = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class HttpServer:
    """The pages of a server by path, and the requests that it has received."""

    port: int = 0
    pages: dict[str, Page] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def build_url(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the URL of a page."""
        return f"http://{host}:{self.port}{path}"


@contextmanager
def serve(address: str = "127.0.0.1", port: int = 0) -> Iterator[HttpServer]:
    """Run a server on `port`, or on a free port."""
    web = HttpServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.requests.append((self.path, dict(self.headers)))
            # Tests let the client close the connection in the middle of a response.
            with suppress(ConnectionError):
                web.pages[self.path](self)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Log nothing."""

    server = ThreadingHTTPServer((address, port), Handler)
    web.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def send_head(handler: BaseHTTPRequestHandler, status: int = 200, **headers: str) -> None:
    """Send the status and the headers; `Content_Type="image/png"` sends `Content-Type`."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def build_page(body: bytes, status: int = 200, **headers: str) -> Page:
    """Return a page with this body and its true length, unless `headers` has another length."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        send_head(handler, status, **{"Content_Length": str(len(body))} | headers)
        handler.wfile.write(body)

    return send


def build_redirect(target: str) -> Page:
    """Return a page that redirects to `target`."""
    return build_page(b"", 302, Location=target)
