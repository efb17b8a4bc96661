"""The address of a request's client: forwarding headers count only from a trusted proxy."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from config.scheme import SCHEME_HEADERS, build_meta_key

Address = IPv4Address | IPv6Address

FORWARDED_FOR = "HTTP_X_FORWARDED_FOR"
CLAIMS = {
    FORWARDED_FOR,
    *map(build_meta_key, SCHEME_HEADERS),
    "HTTP_FORWARDED",
    "HTTP_X_AMZN_TRACE_ID",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_REQUEST_ID",
}


class TrustedProxies:
    """Sets REMOTE_ADDR to the client's address and removes forwarding headers of other senders."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Resolve the address before any other code reads it."""
        _resolve_client(request.META)
        return self._get_response(request)


def _resolve_client(meta: dict[str, Any]) -> None:
    """Set REMOTE_ADDR to the nearest address that is not a trusted proxy, if the peer is one.

    Otherwise remove all forwarding headers: the peer may have invented them.
    """
    peer = _parse_address(meta.get("REMOTE_ADDR", ""))
    if peer is None or not _is_trusted(peer):
        for name in CLAIMS:
            meta.pop(name, None)
        return
    # Without the header, no later code can take another entry for the client.
    meta["REMOTE_ADDR"] = str(_find_client(peer, meta.pop(FORWARDED_FOR, "")))


def _find_client(peer: Address, forwarded_for: str) -> Address:
    """Return the last address of X-Forwarded-For that is not a trusted proxy.

    Each proxy appends the address that its request came from, so the list is read from the right.
    """
    client = peer
    for entry in reversed(forwarded_for.split(",")):
        address = _parse_address(entry)
        if address is None:
            break
        client = address
        if not _is_trusted(client):
            break
    return client


def _is_trusted(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def _parse_address(entry: str) -> Address | None:
    """Return the address of an entry, or None if it is not one.

    An entry looks like 192.0.2.1, 192.0.2.1:567, 2001:db8::1 or [2001:db8::1]:90.
    """
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
