"""How much of the quotas a user has used, in all apps."""

from typing import Any

from accounts.models import User
from accounts.quotas import quota_of
from gallery.quotas import storage_used
from inpainting.quotas import day_ends_at, edits_in_flight, pixels_used


def usage_of(user: User) -> dict[str, Any]:
    """Measure the use of each quota, as `UsageSerializer` shows it; three queries."""
    quota = quota_of(user)
    return {
        "storage_bytes": {"used": storage_used(user), "quota": quota.storage_bytes},
        "pixels_today": {
            "used": pixels_used(user),
            "quota": quota.pixels,
            "resets_at": day_ends_at(),
        },
        "edits_in_flight": {"used": edits_in_flight(user), "quota": quota.edits},
    }
