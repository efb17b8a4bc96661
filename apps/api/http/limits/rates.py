"""Which rates a call counts against: its user's, and its token's or its address's."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_network

from django.conf import settings
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.models import Token

WINDOW_SECONDS = 60


class Kind(StrEnum):
    """How expensive a call is; each kind has its own rates."""

    READS = "reads"
    WRITES = "writes"
    HEAVY = "heavy"


@dataclass(frozen=True)
class Rate:
    """A number of calls in a minute; all of them may come at once.

    Attributes:
        name: its name in the headers.
        subject: its owner, one row of Allowance.
        quota: calls in WINDOW_SECONDS, at least 1.
    """

    name: str
    subject: str
    quota: int

    @property
    def seconds_per_call(self) -> float:
        """The time until one call is free again, in seconds."""
        return WINDOW_SECONDS / self.quota


def get_kind(method: str, heavy_methods: Collection[str]) -> Kind:
    """Return the kind of a call of a view with these heavy methods."""
    if method in heavy_methods:
        return Kind.HEAVY
    return Kind.READS if method in SAFE_METHODS else Kind.WRITES


def get_rates(request: Request, kind: Kind) -> list[Rate]:
    """Return the rates of the user and the token; without a sign-in, the IP address's rate."""
    quota = int(settings.API_CALLS_A_MINUTE[kind])
    if not request.user.is_authenticated:
        return [get_address_rate(request, kind)]
    rates = [Rate(f"user-{kind}", f"user:{request.user.pk}:{kind}", quota)]
    if isinstance(request.auth, Token):
        share = max(1, quota * int(settings.API_TOKEN_PERCENT) // 100)
        rates.append(Rate(f"token-{kind}", f"token:{request.auth.id}:{kind}", share))
    return rates


def get_address_rate(request: Request, kind: Kind) -> Rate:
    """Return the rate that all requests from the IP address share that are not authenticated."""
    address = _get_network(str(request.META.get("REMOTE_ADDR", "")))
    quota = int(settings.API_CALLS_A_MINUTE[kind])
    return Rate(f"address-{kind}", f"address:{address}:{kind}", quota)


def _get_network(address: str) -> str:
    """Return the address, or the /64 network of an IPv6 one: one connection has 2^64 addresses."""
    if ":" not in address:
        return address
    try:
        return str(ip_network(f"{address.partition('%')[0]}/64", strict=False))
    except ValueError:
        return "unknown"
