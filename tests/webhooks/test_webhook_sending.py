"""Sending is limited to public addresses, valid certificates and a few seconds."""

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
from tests.webhooks.receiver import Receiver, build_responder, serve
from web.outbound import PUBLIC_WEB
from webhooks.sending import Message, Outcome, Sender


def build_sender(target: Receiver, **more: object) -> Sender:
    """Return a sender whose policy allows 127.0.0.1 and the receiver's port."""
    policy = Policy(
        allowed_ports=frozenset({target.port}), allowed_networks=(ip_network("127.0.0.1/32"),)
    )
    return Sender(policy, lookup=resolve_name, **more)  # type: ignore[arg-type]


def send_messages(sender: Sender, *urls: str) -> list[Outcome]:
    """Send a message to each URL; return the outcomes."""
    return sender.send_all([Message(url, {"webhook-id": "x"}, b"{}") for url in urls])


@pytest.fixture
def plain_receiver() -> Iterator[Receiver]:
    """A running receiver without TLS."""
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
def test_private_addresses_are_refused(url: str) -> None:
    (outcome,) = send_messages(Sender(PUBLIC_WEB, lookup=resolve_name), url)
    assert (outcome.status, outcome.error) == (None, "address_not_allowed")


def test_a_name_that_resolves_to_a_private_address_gets_no_request(
    plain_receiver: Receiver,
) -> None:
    policy = Policy(allowed_ports=frozenset({plain_receiver.port}))
    url = f"http://pictures.example:{plain_receiver.port}/"
    (outcome,) = send_messages(Sender(policy, lookup=resolve_name), url)
    assert outcome.error == "address_not_allowed"
    assert plain_receiver.requests == []


def test_a_hanging_receiver_times_out_and_does_not_delay_others(plain_receiver: Receiver) -> None:
    closed = threading.Event()

    def respond(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/slow":
            closed.wait(60)
        build_responder(200)(handler)

    plain_receiver.respond = respond
    sender = build_sender(plain_receiver, seconds=2)
    try:
        outcomes = send_messages(
            sender, *[plain_receiver.build_url("/slow")] * 4, plain_receiver.build_url("/quick")
        )
    finally:
        closed.set()
    assert [outcome.error for outcome in outcomes] == ["timeout"] * 4 + [""]


def test_a_status_counts_even_when_the_body_never_ends(plain_receiver: Receiver) -> None:
    def send_endless_body(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"thanks " * 1000)

    plain_receiver.respond = send_endless_body
    (outcome,) = send_messages(build_sender(plain_receiver), plain_receiver.build_url())
    assert (outcome.status, outcome.error) == (200, "")
    assert outcome.excerpt.startswith("thanks thanks")
    assert len(outcome.excerpt) <= 200


def test_a_response_is_never_decompressed(plain_receiver: Receiver) -> None:
    bomb = gzip.compress(bytes(20 * 2**20))
    plain_receiver.respond = build_responder(200, bomb, Content_Encoding="gzip")
    (outcome,) = send_messages(build_sender(plain_receiver), plain_receiver.build_url())
    assert outcome.status == 200
    assert len(outcome.excerpt) <= 200


def test_a_closed_connection_is_unreachable(plain_receiver: Receiver) -> None:
    plain_receiver.respond = lambda _handler: None
    (outcome,) = send_messages(build_sender(plain_receiver), plain_receiver.build_url())
    assert (outcome.status, outcome.error) == (None, "unreachable")


def test_a_receiver_with_an_untrusted_certificate_gets_no_event(tmp_path: Path) -> None:
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    with serve(tls=tls) as running:
        (outcome,) = send_messages(build_sender(running), running.build_url())
        assert outcome.error == "unreachable"
        assert running.requests == []


def test_cookies_are_not_kept(plain_receiver: Receiver) -> None:
    plain_receiver.respond = build_responder(200, Set_Cookie="a=b")
    sender = build_sender(plain_receiver)
    for _ in range(2):
        send_messages(sender, plain_receiver.build_url())
    assert not any("Cookie" in request.headers for request in plain_receiver.requests)
