"""A real web server on this machine, for what fetches from the web."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Page = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Web:
    """What the server shows, by path, and which requests it got."""

    port: int = 0
    pages: dict[str, Page] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """The address of a page."""
        return f"http://{host}:{self.port}{path}"


@contextmanager
def serve(address: str = "127.0.0.1", port: int = 0) -> Iterator[Web]:
    """A server on a free port, or on this one."""
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.requests.append((self.path, dict(self.headers)))
            # The client hangs up in the middle; that is what is tested.
            with suppress(ConnectionError):
                web.pages[self.path](self)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

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


def head(handler: BaseHTTPRequestHandler, status: int = 200, **headers: str) -> None:
    """Send the status and the headers, `Content_Type="image/png"` for `Content-Type`."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def page(body: bytes, status: int = 200, **headers: str) -> Page:
    """A page that sends this body, with its true length unless told another."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        head(handler, status, **{"Content_Length": str(len(body))} | headers)
        handler.wfile.write(body)

    return send


def redirect(target: str) -> Page:
    """A page that sends the visitor elsewhere."""
    return page(b"", 302, Location=target)
