"""Lifetime of signed addresses."""

from typing import Any

STEPS = (7200, 3600, 1800, 900, 600, 300, 120, 60)
MIN_SECONDS = 30


def choose_signing_seconds(client: Any, *, most: int) -> int:
    """Return at most `most` seconds, but never more than the signing credentials are valid.

    A signed address expires with the role's credentials, whatever expiry is written in it. The
    written expiry must be right, because browsers and clients rely on it.
    """
    credentials = client._request_signer._credentials  # noqa: SLF001  boto3 has no public access to them
    refresh_needed = getattr(credentials, "refresh_needed", None)
    if refresh_needed is None:
        return most
    # This also refreshes credentials that are about to expire.
    credentials.get_frozen_credentials()
    for seconds in STEPS:
        if seconds <= most and not refresh_needed(refresh_in=seconds):
            return seconds
    return MIN_SECONDS
