"""How often a user may call the API, counted by all processes and machines together."""

from api.http.limits.allowances import Level, spend
from api.http.limits.headers import headers_of, refusal
from api.http.limits.rates import Kind, Rate, kind_of, rate_of_address, rates_for

__all__ = [
    "Kind",
    "Level",
    "Rate",
    "headers_of",
    "kind_of",
    "rate_of_address",
    "rates_for",
    "refusal",
    "spend",
]
