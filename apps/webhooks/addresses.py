"""The URLs that events may be sent to: the public web, and in production only over https."""

from dataclasses import replace

from django.conf import settings
from ssrfguard import BlockedAddressError, BlockedURLError, Policy

from web import outbound
from web.errors import Problem


def build_receiver_policy() -> Policy:
    """Return the policy for receivers: the public web, in production only over https.

    Plain http would let others on the way read the events.
    """
    if not settings.PRODUCTION:
        return outbound.PUBLIC_WEB
    return replace(outbound.PUBLIC_WEB, allowed_schemes=frozenset({"https"}))


def require_receiver(url: str) -> None:
    """Check a receiver's URL without a request or a name look-up.

    The host name is looked up and checked when an event is sent.

    Raises:
        Problem: the URL is not allowed (webhook_url_not_allowed).
    """
    policy = build_receiver_policy()
    try:
        target = policy.check_url(url)
        if target.address is not None:
            policy.check_address(target.address)
    except (BlockedURLError, BlockedAddressError, UnicodeError) as refused:
        schemes = " or ".join(f"{scheme}://" for scheme in sorted(policy.allowed_schemes))
        message = (
            f"Events are sent only to the public web: give an {schemes} address on the usual "
            "port, without a password in it."
        )
        fields = {"url": [message]}
        raise Problem(message, code="webhook_url_not_allowed", fields=fields) from refused
