"""Every request has an id and a line in the log, without the secrets in its address."""

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
    """What the platform logs meanwhile, as it writes it in production."""

    def __init__(self) -> None:
        self._written = StringIO()
        self.handler = logging.StreamHandler(self._written)
        self.handler.setFormatter(JsonLines())
        for each in (KnownIds(), RequestIdFilter()):
            self.handler.addFilter(each)

    @property
    def text(self) -> str:
        """All of it."""
        return self._written.getvalue()

    def lines(self, logger: str = "web.requests") -> list[dict[str, Any]]:
        """The objects that this logger wrote."""
        lines = [json.loads(line) for line in self.text.splitlines()]
        return [line for line in lines if line["logger"] == logger]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[Log]:
    """What is logged from INFO on."""
    caplog.set_level(logging.INFO)
    log = Log()
    logging.getLogger().addHandler(log.handler)
    yield log
    logging.getLogger().removeHandler(log.handler)


@pytest.fixture
def _behind_a_proxy(settings: Settings) -> None:
    """The test client asks from 127.0.0.1."""
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.0/8")]


@pytest.mark.django_db
def test_a_request_is_one_line_without_its_query_string(client: Client, log: Log) -> None:
    answer = client.get(f"/accounts/login/?X-Amz-Signature={SIGNATURE}")

    (line,) = log.lines()
    assert line["message"] == "GET /accounts/login/ 200"
    assert line["level"] == "INFO"
    assert line["client"] == "127.0.0.1"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/accounts/login/", 200)
    assert line["seconds"] >= 0
    assert line["request_id"] == answer["X-Request-ID"]
    assert "user_id" not in line
    assert SIGNATURE not in log.text


@pytest.mark.django_db
def test_every_request_has_an_id_of_its_own(client: Client) -> None:
    answers = [client.get("/livez") for _ in range(2)]

    ids = [answer["X-Request-ID"] for answer in answers]
    assert len(set(ids)) == 2
    assert ids == [answer.wsgi_request.request_id for answer in answers]  # type: ignore[attr-defined]


def test_whose_session_it_was_is_logged(client: Client, log: Log, alice: User) -> None:
    client.force_login(alice)
    client.get("/photos/")

    assert log.lines()[0]["user_id"] == str(alice.pk)


def test_whose_token_it_was_is_logged(client: Client, log: Log, alice: User) -> None:
    _, text = token_create(user=alice, name="script", scopes=["read"], expires_in=None)
    client.get("/api/v1/me/", headers={"Authorization": f"Token {text}"})

    assert log.lines()[0]["user_id"] == str(alice.pk)
    assert text not in log.text


def test_nobody_is_looked_up_for_the_log(log: Log) -> None:
    request = RequestFactory().get("/x/")
    request.user = SimpleLazyObject(lambda: pytest.fail("looked up"))  # type: ignore[assignment]

    RequestLogMiddleware(lambda _request: HttpResponse())(request)

    assert "user_id" not in log.lines()[0]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
def test_probes_are_not_logged(client: Client, log: Log, path: str) -> None:
    client.get(path)

    assert log.lines() == []


@pytest.mark.django_db
@pytest.mark.usefixtures("_behind_a_proxy")
@pytest.mark.parametrize("given", ["a", "7c1d-68._D", "x" * 64])
def test_a_proxys_id_is_taken_over(client: Client, given: str) -> None:
    assert client.get("/livez", headers={"X-Request-ID": given})["X-Request-ID"] == given


@pytest.mark.django_db
@pytest.mark.usefixtures("_behind_a_proxy")
def test_the_load_balancers_trace_is_the_id_where_there_is_no_other(client: Client) -> None:
    trace = {"X-Amzn-Trace-Id": "Self=1-67891234-12456789abcdef012345678;Root=1-67891233-abcdef01"}

    assert client.get("/livez", headers=trace)["X-Request-ID"] == "1-67891233-abcdef01"
    both = trace | {"X-Request-ID": "mine"}
    assert client.get("/livez", headers=both)["X-Request-ID"] == "mine"


@pytest.mark.django_db
@pytest.mark.usefixtures("_behind_a_proxy")
@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a\nb", "é", "<b>", "a\n"])
def test_an_id_that_is_none_is_replaced(client: Client, given: str) -> None:
    answer = client.get("/livez", HTTP_X_REQUEST_ID=given, HTTP_X_AMZN_TRACE_ID=f"Root={given}")

    assert len(answer["X-Request-ID"]) == 32


@pytest.mark.django_db
def test_a_strangers_id_and_address_are_not_believed(client: Client, log: Log) -> None:
    forged = {"X-Request-ID": "forged", "X-Forwarded-For": "203.0.113.9"}
    answer = client.get("/accounts/login/", headers=forged)

    assert answer["X-Request-ID"] != "forged"
    assert log.lines()[0]["client"] == "127.0.0.1"


@pytest.mark.django_db
@pytest.mark.usefixtures("_behind_a_proxy")
def test_the_visitors_address_is_logged(client: Client, log: Log) -> None:
    client.get("/accounts/login/", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})

    assert log.lines()[0]["client"] == "203.0.113.9"


@pytest.mark.django_db
def test_a_key_that_lets_in_is_not_logged(client: Client, log: Log) -> None:
    client.post("/accounts/password/reset/key/1-c0ffee-5ec3e7/")
    client.put("/accounts/confirm-email/c0ffee-5ec3e7/")
    client.get("/shared/c0ffee-5ec3e7/")
    client.get("/shared/c0ffee-5ec3e7/mistyped")

    assert [line["path"] for line in log.lines()] == [
        "/accounts/password/reset/key/1-.../",
        "/accounts/confirm-email/.../",
        "/shared/.../",
        "/shared/.../mistyped",
    ]
    assert "5ec3e7" not in log.text


@pytest.mark.django_db
def test_a_path_cannot_begin_a_line(client: Client, log: Log) -> None:
    client.get("/nowhere%0AERROR%20here")

    assert log.lines()[0]["message"] == "GET /nowhere%0AERROR%20here 404"


def test_djangos_lines_have_the_id_too(client: Client, log: Log, alice: User) -> None:
    client.force_login(alice)
    answer = client.get(f"/photos/nowhere/?X-Amz-Signature={SIGNATURE}")

    (line,) = log.lines("django.request")
    assert line["message"] == "Not Found: /photos/nowhere/"
    assert line["request_id"] == answer["X-Request-ID"]
    assert SIGNATURE not in log.text


def test_a_request_that_nothing_answers_is_answered_and_logged(log: Log) -> None:
    def fail(request: HttpRequest) -> HttpResponse:
        raise RuntimeError(request.path)

    answer = RequestLogMiddleware(fail)(RequestFactory().get("/x/"))

    failure, line = log.lines()
    assert answer.status_code == line["status"] == 500
    assert failure["exception"].endswith("RuntimeError: /x/")
    assert answer["X-Request-ID"] == line["request_id"] == failure["request_id"]


def test_the_ids_end_with_the_request(log: Log) -> None:
    RequestLogMiddleware(lambda _request: HttpResponse())(RequestFactory().get("/x/"))
    logging.getLogger("tests").info("after")

    assert "request_id" not in log.lines("tests")[0]
