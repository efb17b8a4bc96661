"""Whom a request comes from: what it says of itself counts only from a trusted proxy."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from config.scheme import SCHEME_HEADERS, header_key

Address = IPv4Address | IPv6Address

CHAIN = "HTTP_X_FORWARDED_FOR"
CLAIMS = {
    CHAIN,
    *map(header_key, SCHEME_HEADERS),
    "HTTP_FORWARDED",
    "HTTP_X_AMZN_TRACE_ID",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_REQUEST_ID",
}


class TrustedProxies:
    """Makes REMOTE_ADDR the visitor's, and removes what a stranger's request claims."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Settle the address before anybody looks at it."""
        settle_client(request.META)
        return self._get_response(request)


def settle_client(meta: dict[str, Any]) -> None:
    """Set REMOTE_ADDR to the nearest address that is no trusted proxy's, if the peer is one."""
    peer = _address(meta.get("REMOTE_ADDR", ""))
    if peer is None or not _is_trusted(peer):
        for name in CLAIMS:
            meta.pop(name, None)
        return
    # Nobody after this may take another entry for the visitor's.
    meta["REMOTE_ADDR"] = str(_client(peer, meta.pop(CHAIN, "")))


def _client(peer: Address, chain: str) -> Address:
    """Each proxy adds at the right whom it was asked by; the first untrusted one is the end."""
    client = peer
    for entry in reversed(chain.split(",")):
        address = _address(entry)
        if address is None:
            break
        client = address
        if not _is_trusted(client):
            break
    return client


def _is_trusted(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def _address(entry: str) -> Address | None:
    """The address of an entry like 192.0.2.1, 192.0.2.1:567, 2001:db8::1 or [2001:db8::1]:90."""
    text = entry.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
