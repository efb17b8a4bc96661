"""How much of each quota a user has used. The apps that count it register their meters here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.quotas import Quota, get_quota


@dataclass(frozen=True)
class Meter:
    """One thing that is counted against a quota.

    Attributes:
        name: the key in the API, like "storage_bytes".
        title: the name in the admin, like "MB kept".
        unit: the amount that the admin shows as 1, like 2**20 bytes.
        read_used: returns how much the user has used.
        read_quota: returns how much of it a quota allows.
        get_reset_time: returns when the used amount becomes 0 again; None where it does not.
    """

    name: str
    title: str
    unit: int
    read_used: Callable[[User], int]
    read_quota: Callable[[Quota], int]
    get_reset_time: Callable[[], datetime] | None = None


meters: list[Meter] = []


def register_meter(meter: Meter) -> None:
    """Add a meter; called when Django starts."""
    if meter not in meters:
        meters.append(meter)


def get_usage(user: User) -> dict[str, dict[str, Any]]:
    """Return the used amount and the quota of each meter; this takes one query per meter."""
    quota = get_quota(user)
    usage: dict[str, dict[str, Any]] = {}
    for meter in meters:
        usage[meter.name] = {"used": meter.read_used(user), "quota": meter.read_quota(quota)}
        if meter.get_reset_time is not None:
            usage[meter.name]["resets_at"] = meter.get_reset_time()
    return usage


def describe_usage(user: User) -> str:
    """Return one line for the admin, like "12 of 102,400 MB kept; 0 of 1,000 edits at once"."""
    usage = get_usage(user)
    return "; ".join(
        f"{usage[meter.name]['used'] / meter.unit:,.0f} of "
        f"{usage[meter.name]['quota'] / meter.unit:,.0f} {meter.title}"
        for meter in meters
    )
