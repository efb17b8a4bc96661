"""How long a signature may be promised to hold."""

from typing import Any

STEPS = (7200, 3600, 1800, 900, 600, 300, 120, 60)
SHORTEST = 30


def signing_seconds(client: Any, *, most: int) -> int:
    """Up to `most` seconds, but never beyond the end of the credentials that sign.

    A signed address ends with the role's credentials, whatever it says of itself; what it says
    must be true, because browsers and clients plan by it.
    """
    credentials = client._request_signer._credentials  # noqa: SLF001  boto3 shows them nowhere else
    refresh_needed = getattr(credentials, "refresh_needed", None)
    if refresh_needed is None:
        return most
    # Also brings credentials that are about to end up to date.
    credentials.get_frozen_credentials()
    for seconds in STEPS:
        if seconds <= most and not refresh_needed(refresh_in=seconds):
            return seconds
    return SHORTEST
