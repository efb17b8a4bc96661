"""Every request has an id and a log line without the secrets of its URL."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from ipaddress import ip_network
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils.functional import SimpleLazyObject
from pytest_django import Settings

from accounts.models import User
from accounts.services import token_create
from config.logs import JsonLines, KnownIds
from web.requests import RequestIdFilter, RequestLogMiddleware

SIGNATURE = "0123456789abcdef"


class Log:
    """The log lines of a test, as the platform writes them in production."""

    def __init__(self) -> None:
        self._stream = StringIO()
        self.handler = logging.StreamHandler(self._stream)
        self.handler.setFormatter(JsonLines())
        for each in (KnownIds(), RequestIdFilter()):
            self.handler.addFilter(each)

    @property
    def text(self) -> str:
        """Everything that was logged."""
        return self._stream.getvalue()

    def read_lines(self, logger: str = "web.requests") -> list[dict[str, Any]]:
        """Return the lines of this logger."""
        lines = [json.loads(line) for line in self.text.splitlines()]
        return [line for line in lines if line["logger"] == logger]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[Log]:
    """The log, from level INFO on."""
    caplog.set_level(logging.INFO)
    log = Log()
    logging.getLogger().addHandler(log.handler)
    yield log
    logging.getLogger().removeHandler(log.handler)


@pytest.fixture
def _trusted_client(settings: Settings) -> None:
    """The address of the test client, 127.0.0.1, is a trusted proxy."""
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.0/8")]


@pytest.mark.django_db
def test_a_request_is_one_line_without_the_query_string(client: Client, log: Log) -> None:
    response = client.get(f"/accounts/login/?X-Amz-Signature={SIGNATURE}")

    (line,) = log.read_lines()
    assert line["message"] == "GET /accounts/login/ 200"
    assert line["level"] == "INFO"
    assert line["client"] == "127.0.0.1"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/accounts/login/", 200)
    assert line["seconds"] >= 0
    assert line["request_id"] == response["X-Request-ID"]
    assert "user_id" not in line
    assert SIGNATURE not in log.text


@pytest.mark.django_db
def test_every_request_has_an_id_of_its_own(client: Client) -> None:
    responses = [client.get("/livez") for _ in range(2)]

    ids = [response["X-Request-ID"] for response in responses]
    assert len(set(ids)) == 2
    assert ids == [response.wsgi_request.request_id for response in responses]  # type: ignore[attr-defined]


def test_the_user_of_a_session_is_logged(client: Client, log: Log, alice: User) -> None:
    client.force_login(alice)
    client.get("/photos/")

    assert log.read_lines()[0]["user_id"] == str(alice.pk)


def test_the_user_of_a_token_is_logged(client: Client, log: Log, alice: User) -> None:
    _, text = token_create(user=alice, name="script", scopes=["read"], expires_in=None)
    client.get("/api/v1/me/", headers={"Authorization": f"Token {text}"})

    assert log.read_lines()[0]["user_id"] == str(alice.pk)
    assert text not in log.text


def test_the_log_reads_no_user_from_the_database(log: Log) -> None:
    request = RequestFactory().get("/x/")
    request.user = SimpleLazyObject(lambda: pytest.fail("looked up"))  # type: ignore[assignment]

    RequestLogMiddleware(lambda _request: HttpResponse())(request)

    assert "user_id" not in log.read_lines()[0]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
def test_probes_are_not_logged(client: Client, log: Log, path: str) -> None:
    client.get(path)

    assert log.read_lines() == []


@pytest.mark.django_db
@pytest.mark.usefixtures("_trusted_client")
@pytest.mark.parametrize("request_id", ["a", "7c1d-68._D", "x" * 64])
def test_the_request_id_of_a_proxy_is_used(client: Client, request_id: str) -> None:
    assert client.get("/livez", headers={"X-Request-ID": request_id})["X-Request-ID"] == request_id


@pytest.mark.django_db
@pytest.mark.usefixtures("_trusted_client")
def test_the_trace_id_of_the_load_balancer_is_the_fallback(client: Client) -> None:
    trace = {"X-Amzn-Trace-Id": "Self=1-67891234-12456789abcdef012345678;Root=1-67891233-abcdef01"}

    assert client.get("/livez", headers=trace)["X-Request-ID"] == "1-67891233-abcdef01"
    both = trace | {"X-Request-ID": "mine"}
    assert client.get("/livez", headers=both)["X-Request-ID"] == "mine"


@pytest.mark.django_db
@pytest.mark.usefixtures("_trusted_client")
@pytest.mark.parametrize("request_id", ["", "x" * 65, "a b", "a\nb", "é", "<b>", "a\n"])
def test_an_invalid_request_id_is_replaced(client: Client, request_id: str) -> None:
    response = client.get(
        "/livez", HTTP_X_REQUEST_ID=request_id, HTTP_X_AMZN_TRACE_ID=f"Root={request_id}"
    )

    assert len(response["X-Request-ID"]) == 32


@pytest.mark.django_db
def test_id_and_address_of_a_client_that_is_no_proxy_are_not_used(client: Client, log: Log) -> None:
    forged = {"X-Request-ID": "forged", "X-Forwarded-For": "203.0.113.9"}
    response = client.get("/accounts/login/", headers=forged)

    assert response["X-Request-ID"] != "forged"
    assert log.read_lines()[0]["client"] == "127.0.0.1"


@pytest.mark.django_db
@pytest.mark.usefixtures("_trusted_client")
def test_the_address_of_the_client_is_logged(client: Client, log: Log) -> None:
    client.get("/accounts/login/", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})

    assert log.read_lines()[0]["client"] == "203.0.113.9"


@pytest.mark.django_db
def test_secret_parts_of_paths_are_not_logged(client: Client, log: Log) -> None:
    client.post("/accounts/password/reset/key/1-c0ffee-5ec3e7/")
    client.put("/accounts/confirm-email/c0ffee-5ec3e7/")
    client.get("/shared/c0ffee-5ec3e7/")
    client.get("/shared/c0ffee-5ec3e7/mistyped")

    assert [line["path"] for line in log.read_lines()] == [
        "/accounts/password/reset/key/1-.../",
        "/accounts/confirm-email/.../",
        "/shared/.../",
        "/shared/.../mistyped",
    ]
    assert "5ec3e7" not in log.text


@pytest.mark.django_db
def test_a_path_cannot_start_a_new_line(client: Client, log: Log) -> None:
    client.get("/nowhere%0AERROR%20here")

    assert log.read_lines()[0]["message"] == "GET /nowhere%0AERROR%20here 404"


def test_the_lines_of_django_have_the_request_id(client: Client, log: Log, alice: User) -> None:
    client.force_login(alice)
    response = client.get(f"/photos/nowhere/?X-Amz-Signature={SIGNATURE}")

    (line,) = log.read_lines("django.request")
    assert line["message"] == "Not Found: /photos/nowhere/"
    assert line["request_id"] == response["X-Request-ID"]
    assert SIGNATURE not in log.text


def test_an_unhandled_error_is_logged_and_gets_a_response(log: Log) -> None:
    def fail(request: HttpRequest) -> HttpResponse:
        raise RuntimeError(request.path)

    response = RequestLogMiddleware(fail)(RequestFactory().get("/x/"))

    failure, line = log.read_lines()
    assert response.status_code == line["status"] == 500
    assert failure["exception"].endswith("RuntimeError: /x/")
    assert response["X-Request-ID"] == line["request_id"] == failure["request_id"]


def test_the_request_id_ends_with_the_request(log: Log) -> None:
    RequestLogMiddleware(lambda _request: HttpResponse())(RequestFactory().get("/x/"))
    logging.getLogger("tests").info("after")

    assert "request_id" not in log.read_lines("tests")[0]
