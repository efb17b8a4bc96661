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
    """What a call costs us; each kind has rates of its own."""

    READS = "reads"
    WRITES = "writes"
    HEAVY = "heavy"


@dataclass(frozen=True)
class Rate:
    """So many calls a minute; all of them may come at once.

    Attributes:
        name: what the headers call it.
        subject: whose it is, one row of Allowance.
        quota: calls in WINDOW_SECONDS, at least 1.
    """

    name: str
    subject: str
    quota: int

    @property
    def seconds_a_call(self) -> float:
        """How long one call takes to be free again."""
        return WINDOW_SECONDS / self.quota


def kind_of(method: str, heavy_methods: Collection[str]) -> Kind:
    """The kind of a call of a view that names its heavy methods."""
    if method in heavy_methods:
        return Kind.HEAVY
    return Kind.READS if method in SAFE_METHODS else Kind.WRITES


def rates_for(request: Request, kind: Kind) -> list[Rate]:
    """The user's rate, and the token's if one asks; the address's rate for who is nobody."""
    quota = int(settings.API_CALLS_A_MINUTE[kind])
    if not request.user.is_authenticated:
        return [rate_of_address(request, kind)]
    rates = [Rate(f"user-{kind}", f"user:{request.user.pk}:{kind}", quota)]
    if isinstance(request.auth, Token):
        share = max(1, quota * int(settings.API_TOKEN_PERCENT) // 100)
        rates.append(Rate(f"token-{kind}", f"token:{request.auth.id}:{kind}", share))
    return rates


def rate_of_address(request: Request, kind: Kind) -> Rate:
    """The rate of everybody who comes from the address without saying, or proving, who they are."""
    address = _home_of(str(request.META.get("REMOTE_ADDR", "")))
    quota = int(settings.API_CALLS_A_MINUTE[kind])
    return Rate(f"address-{kind}", f"address:{address}:{kind}", quota)


def _home_of(address: str) -> str:
    """The address, or the network of an IPv6 one: a home has 2^64 of those."""
    if ":" not in address:
        return address
    try:
        return str(ip_network(f"{address.partition('%')[0]}/64", strict=False))
    except ValueError:
        return "unknown"
