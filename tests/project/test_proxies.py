"""Only a trusted proxy can set the client's address, the scheme and the request id."""

from ipaddress import ip_network

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from config.scheme import SCHEME_HEADERS, build_meta_key
from web.proxies import CLAIMS, TrustedProxies

NEAR, NEARER = "10.0.0.7", "fd00::7"
VISITOR = "203.0.113.9"


@pytest.fixture(autouse=True)
def _networks(settings: Settings) -> None:
    """Trust two networks of proxies."""
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/16"), ip_network("fd00::/64")]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def process_request(peer: str, **claims: str) -> HttpRequest:
    """Return a request as the middleware passes it on."""
    request = RequestFactory().get("/")
    request.META.update({"REMOTE_ADDR": peer} | claims)
    TrustedProxies(lambda _request: HttpResponse())(request)
    return request


@pytest.mark.parametrize(
    ("peer", "chain", "client"),
    [
        (NEAR, VISITOR, VISITOR),
        (NEAR, f" {VISITOR} ", VISITOR),
        (NEAR, f"198.51.100.1, {VISITOR}", VISITOR),
        (NEAR, f"{VISITOR}, 10.0.3.4", VISITOR),
        (NEAR, f"198.51.100.1, {VISITOR}, 10.0.3.4, fd00::9", VISITOR),
        (NEAR, f"{VISITOR}:567", VISITOR),
        (NEAR, "[2001:db8::1]:90", "2001:db8::1"),
        (NEAR, "[2001:db8::1]", "2001:db8::1"),
        (NEAR, "2001:db8::1", "2001:db8::1"),
        (NEARER, f"{VISITOR}", VISITOR),
        (f"::ffff:{NEAR}", f"::ffff:{VISITOR}", VISITOR),
        (NEAR, f"{VISITOR}, ::ffff:10.0.3.4", VISITOR),
        (NEAR, "10.0.3.4, 10.0.5.6", "10.0.3.4"),
        (NEAR, "", NEAR),
        (NEAR, "unknown", NEAR),
        (NEAR, f"{VISITOR}, unknown", NEAR),
        (NEAR, f"{VISITOR}, unknown, 10.0.3.4", "10.0.3.4"),
        (NEAR, f"{VISITOR},", NEAR),
        (NEAR, "10.0.0.0/16", NEAR),
    ],
)
def test_the_client_is_the_nearest_address_that_is_no_proxy(
    peer: str, chain: str, client: str
) -> None:
    request = process_request(peer, HTTP_X_FORWARDED_FOR=chain)

    assert request.META["REMOTE_ADDR"] == client
    assert "HTTP_X_FORWARDED_FOR" not in request.META


def test_without_a_chain_the_client_is_the_proxy() -> None:
    assert process_request(NEAR).META["REMOTE_ADDR"] == NEAR


@pytest.mark.parametrize("peer", [VISITOR, "10.1.0.7", "fd01::7", "", "unknown"])
def test_the_claims_of_a_client_that_is_no_proxy_are_dropped(peer: str) -> None:
    request = process_request(peer, **dict.fromkeys(CLAIMS, "198.51.100.1"))

    assert request.META["REMOTE_ADDR"] == peer
    assert not CLAIMS & request.META.keys()


def test_only_a_proxy_can_claim_tls() -> None:
    assert process_request(NEAR, HTTP_X_FORWARDED_PROTO="https").is_secure()
    assert not process_request(NEAR, HTTP_X_FORWARDED_PROTO="http").is_secure()
    assert not process_request(VISITOR, HTTP_X_FORWARDED_PROTO="https").is_secure()


def test_without_trusted_proxies_no_claim_is_used(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = []

    request = process_request("127.0.0.1", HTTP_X_FORWARDED_FOR=VISITOR)

    assert request.META["REMOTE_ADDR"] == "127.0.0.1"


@pytest.mark.parametrize("header", SCHEME_HEADERS)
def test_the_scheme_is_taken_from_the_one_header_that_the_proxy_sets(
    settings: Settings, header: str
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = (build_meta_key(header), "https")

    claims = {build_meta_key(header): "https"}
    assert process_request(NEAR, **claims).is_secure()
    assert not process_request(VISITOR, **claims).is_secure()
    other = next(name for name in SCHEME_HEADERS if name != header)
    assert not process_request(NEAR, **{build_meta_key(other): "https"}).is_secure()
