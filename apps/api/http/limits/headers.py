"""Headers and the problem about rates: draft-ietf-httpapi-ratelimit-headers, version 10."""

from collections.abc import Sequence

from api.http.limits.allowances import Level
from api.http.limits.rates import WINDOW_SECONDS
from web.errors import Problem


def build_headers(levels: Sequence[Level]) -> dict[str, str]:
    """Build RateLimit-Policy, what is allowed, and RateLimit, what is left; none without levels.

    `q` calls in `w` seconds; `r` calls are left, all of them again in `t` seconds.
    """
    if not levels:
        return {}
    policies = [f'"{level.rate.name}";q={level.rate.quota};w={WINDOW_SECONDS}' for level in levels]
    left = [
        f'"{level.rate.name}";r={level.remaining};t={level.seconds_until_full}' for level in levels
    ]
    return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(left)}


def build_throttled_problem(levels: Sequence[Level]) -> Problem:
    """Build the problem of a call that exceeds a rate, with the time to wait."""
    used_up = [level for level in levels if level.remaining == 0] or levels
    wait = max(level.seconds_until_next for level in used_up)
    return Problem(
        f"That was too much at once: try again in {wait} s.",
        code="throttled",
        headers={"Retry-After": str(wait)},
        members={"violated_policies": [level.rate.name for level in used_up]},
    )
