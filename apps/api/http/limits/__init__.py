"""Rate limits of the API, counted by all processes and machines together."""

from api.http.limits.allowances import Level, take_call
from api.http.limits.headers import build_headers, build_throttled_problem
from api.http.limits.rates import Kind, Rate, get_address_rate, get_kind, get_rates

__all__ = [
    "Kind",
    "Level",
    "Rate",
    "build_headers",
    "build_throttled_problem",
    "get_address_rate",
    "get_kind",
    "get_rates",
    "take_call",
]
