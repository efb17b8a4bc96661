"""Which addresses events are sent to: as for pictures that are imported, and https on a site."""

from dataclasses import replace

from django.conf import settings
from ssrfguard import BlockedAddressError, BlockedURLError, Policy

from web import outbound
from web.errors import Problem


def receivers_policy() -> Policy:
    """The public web; in production over https alone, so that nobody listens in."""
    if not settings.PRODUCTION:
        return outbound.PUBLIC_WEB
    return replace(outbound.PUBLIC_WEB, allowed_schemes=frozenset({"https"}))


def require_receiver(url: str) -> None:
    """Refuse what can be seen to be wrong before anything is sent; names are looked up then.

    Raises Problem (webhook_url_not_allowed).
    """
    policy = receivers_policy()
    try:
        target = policy.check_url(url)
        if target.address is not None:
            policy.check_address(target.address)
    except (BlockedURLError, BlockedAddressError, UnicodeError) as refused:
        schemes = " or ".join(f"{scheme}://" for scheme in sorted(policy.allowed_schemes))
        message = (
            f"Events are sent to the public web alone: give an {schemes} address on the usual "
            "port, without a password in it."
        )
        fields = {"url": [message]}
        raise Problem(message, code="webhook_url_not_allowed", fields=fields) from refused
