"""What our servers may reach when somebody else chose the address: the public web, nothing inside.

`ssrfguard` looks a name up once, refuses it unless every answer is public, and connects to the
very address that it checked. Whoever asks adds the caps on redirects, time and bytes.
"""

import ssl
from collections.abc import Mapping

import httpx
from ssrfguard import Policy, Resolver
from ssrfguard.httpx import AsyncClient

PUBLIC_WEB = Policy(
    allowed_schemes=frozenset({"http", "https"}), allowed_ports=frozenset({80, 443})
)
PATIENCE = httpx.Timeout(5.0)


def guarded_client(
    *,
    policy: Policy,
    lookup: Resolver,
    headers: Mapping[str, str],
    verify: ssl.SSLContext | bool = True,
) -> AsyncClient:
    """A client for what `policy` allows, whatever proxies the environment names."""
    return AsyncClient(
        policy=policy,
        resolver=lookup,
        trust_env=False,
        headers=headers,
        timeout=PATIENCE,
        verify=verify,
    )
