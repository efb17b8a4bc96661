"""Where events are sent: nowhere inside, to nobody else's certificate, and not for ever."""

import gzip
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_network
from pathlib import Path

import pytest
import trustme
from ssrfguard import Policy

from tests.gallery.downloads import resolve_name
from tests.webhooks.receiver import Receiver, answer, serve
from web.outbound import PUBLIC_WEB
from webhooks.sending import Message, Outcome, Sender


def opened(receiver: Receiver, **more: object) -> Sender:
    """For which 127.0.0.1 and the receiver's port count as public."""
    policy = Policy(
        allowed_ports=frozenset({receiver.port}), allowed_networks=(ip_network("127.0.0.1/32"),)
    )
    return Sender(policy, lookup=resolve_name, **more)  # type: ignore[arg-type]


def sent(sender: Sender, *urls: str) -> list[Outcome]:
    return sender.send_all([Message(url, {"webhook-id": "x"}, b"{}") for url in urls])


@pytest.fixture
def plain() -> Iterator[Receiver]:
    with serve() as running:
        yield running


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://metadata.example/",
        "http://both.example/",
        "http://[::ffff:169.254.169.254]/",
        "http://169.254.170.2/v2/credentials",
        "http://user:secret@pictures.example/",
        "ftp://pictures.example/",
        "http://\udc80.example/",
    ],
)
def test_nothing_inside_is_reached(url: str) -> None:
    (outcome,) = sent(Sender(PUBLIC_WEB, lookup=resolve_name), url)
    assert (outcome.status, outcome.error) == (None, "address_not_allowed")


def test_a_name_that_leads_inside_gets_no_request(plain: Receiver) -> None:
    policy = Policy(allowed_ports=frozenset({plain.port}))
    url = f"http://pictures.example:{plain.port}/"
    (outcome,) = sent(Sender(policy, lookup=resolve_name), url)
    assert outcome.error == "address_not_allowed"
    assert plain.received == []


def test_one_that_hangs_is_given_up_and_the_others_are_not_held_up(plain: Receiver) -> None:
    hang_up = threading.Event()

    def says(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/slow":
            hang_up.wait(60)
        answer(200)(handler)

    plain.says = says
    sender = opened(plain, seconds=2)
    try:
        outcomes = sent(sender, *[plain.url("/slow")] * 4, plain.url("/quick"))
    finally:
        hang_up.set()
    assert [outcome.error for outcome in outcomes] == ["timeout"] * 4 + [""]


def test_a_status_counts_though_the_body_never_ends(plain: Receiver) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"thanks " * 1000)

    plain.says = endless
    (outcome,) = sent(opened(plain), plain.url())
    assert (outcome.status, outcome.error) == (200, "")
    assert outcome.excerpt.startswith("thanks thanks")
    assert len(outcome.excerpt) <= 200


def test_an_answer_is_never_unpacked(plain: Receiver) -> None:
    bomb = gzip.compress(bytes(20 * 2**20))
    plain.says = answer(200, bomb, Content_Encoding="gzip")
    (outcome,) = sent(opened(plain), plain.url())
    assert outcome.status == 200
    assert len(outcome.excerpt) <= 200


def test_one_who_hangs_up_is_unreachable(plain: Receiver) -> None:
    plain.says = lambda _handler: None
    (outcome,) = sent(opened(plain), plain.url())
    assert (outcome.status, outcome.error) == (None, "unreachable")


def test_a_certificate_that_nobody_vouches_for_gets_no_event(tmp_path: Path) -> None:
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    with serve(tls=tls) as running:
        (outcome,) = sent(opened(running), running.url())
        assert outcome.error == "unreachable"
        assert running.received == []


def test_nobody_s_cookies_are_kept(plain: Receiver) -> None:
    plain.says = answer(200, Set_Cookie="a=b")
    sender = opened(plain)
    for _ in range(2):
        sent(sender, plain.url())
    assert not any("Cookie" in received.headers for received in plain.received)
