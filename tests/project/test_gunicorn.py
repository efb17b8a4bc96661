"""The web server behind a load balancer: connections, proxies, timeouts and stops."""

import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from processes.programs import build_environment, web
from tests.waiting import wait_until
from tests.web_server import HOST, WebServer

VISITOR = "203.0.113.9"
# An address that needs neither a database nor a template.
UNKNOWN = "/api/v1/nowhere/"
# Accepts no form; the status 405 shows that the form was read and passed the CSRF check.
FORM = "/"
CSRF = "0123456789abcdefghijABCDEFGHIJ01"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    """A web server that trusts no proxy."""
    with WebServer(tmp_path_factory.mktemp("web")) as server:
        yield server


def build_form_head(size: int) -> str:
    """Return the head of a form that passes the CSRF check once its body is read."""
    lines = [
        f"POST {FORM} HTTP/1.1",
        f"Host: {HOST}",
        f"Cookie: csrftoken={CSRF}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {size}",
        "Expect: 100-continue",
    ]
    return "".join(f"{line}\r\n" for line in (*lines, ""))


def test_a_connection_is_kept_for_the_next_request(server: WebServer) -> None:
    with closing(server.connect()) as connection:
        connection.connect()
        first = connection.sock
        for _ in range(2):
            connection.request("GET", "/livez")
            response = connection.getresponse()
            assert response.read() == b"ok\n"
            assert response.headers["Connection"] == "keep-alive"
            assert connection.sock is first


def test_a_client_that_is_no_proxy_cannot_set_address_and_id(server: WebServer) -> None:
    path = f"{UNKNOWN}stranger/"
    with closing(server.connect()) as connection:
        connection.request("GET", path, headers={"X-Forwarded-For": VISITOR, "X-Request-ID": "x"})
        request_id = connection.getresponse().headers["X-Request-ID"]

    wait_until(lambda: bool(server.read_log(path)), "the request is logged")
    (line,) = server.read_log(path)
    assert line["client"] == HOST
    assert line["request_id"] == request_id != "x"


def test_a_client_that_is_no_proxy_cannot_claim_tls(server: WebServer) -> None:
    """Over TLS a form without a referrer would be refused, with 403."""
    form = f"csrfmiddlewaretoken={CSRF}"
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"csrftoken={CSRF}",
        "X-Forwarded-Proto": "https",
    }
    with closing(server.connect()) as connection:
        connection.request("POST", FORM, form, headers)
        assert connection.getresponse().status == 405


def test_a_trusted_proxy_sets_address_and_id(tmp_path: Path) -> None:
    with WebServer(tmp_path, VANISH_TRUSTED_PROXIES=f"{HOST}/32") as server:
        with closing(server.connect()) as connection:
            headers = {"X-Forwarded-For": f"198.51.100.1, {VISITOR}", "X-Request-ID": "x"}
            connection.request("GET", UNKNOWN, headers=headers)
            assert connection.getresponse().headers["X-Request-ID"] == "x"

        wait_until(lambda: bool(server.read_log(UNKNOWN)), "the request is logged")
        (line,) = server.read_log(UNKNOWN)
        assert (line["client"], line["request_id"]) == (VISITOR, "x")


def test_a_running_request_gets_its_response_before_the_server_stops(tmp_path: Path) -> None:
    body = f"csrfmiddlewaretoken={CSRF}".encode()
    with WebServer(tmp_path, "--workers", "1") as server, closing(server.connect()) as idle:
        idle.request("GET", "/livez")
        idle.getresponse().read()
        with socket.create_connection((HOST, server.port), timeout=60) as slow:
            slow.sendall(build_form_head(len(body)).encode())
            assert slow.recv(1000).startswith(b"HTTP/1.1 100 ")
            slow.sendall(body[:10])

            server.terminate()
            assert idle.sock.recv(1) == b"", "a worker that stops closes idle connections"
            slow.sendall(body[10:])
            with slow.makefile("rb") as response:
                text = response.read().decode()

        # The body was read to its end: without the token the status would be 403.
        assert text.startswith("HTTP/1.1 405 ")
        assert server.wait() == 0


def test_timeouts_fit_the_load_balancer_and_the_stop_of_the_platform(tmp_path: Path) -> None:
    result = subprocess.run(
        [*web().build_command(), "--print-config"],
        env=build_environment() | {"VANISH_DATA_DIR": str(tmp_path), "VANISH_STOP_SECONDS": "7"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )

    settings = dict(re.findall(r"^(\w+) += (.*)$", result.stdout, re.MULTILINE))
    assert int(settings["keepalive"]) > 60
    assert int(settings["graceful_timeout"]) == 7
