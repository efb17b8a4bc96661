"""HTTP requests to a URL that a user chose: only to the public web, never to a private network.

`ssrfguard` looks a host name up once, refuses it unless every address is public, and connects to
the same address that it checked. The caller adds limits on redirects, time and bytes.
"""

import ssl
from collections.abc import Mapping

import httpx
from ssrfguard import Policy, Resolver
from ssrfguard.httpx import AsyncClient

PUBLIC_WEB = Policy(
    allowed_schemes=frozenset({"http", "https"}), allowed_ports=frozenset({80, 443})
)
TIMEOUT = httpx.Timeout(5.0)


def build_guarded_client(
    *,
    policy: Policy,
    lookup: Resolver,
    headers: Mapping[str, str],
    verify: ssl.SSLContext | bool = True,
) -> AsyncClient:
    """Return a client that reaches only what `policy` allows and ignores the environment's proxies.

    `lookup` resolves host names, and `verify` is the TLS context (True: the system's authorities).
    """
    return AsyncClient(
        policy=policy,
        resolver=lookup,
        trust_env=False,
        headers=headers,
        timeout=TIMEOUT,
        verify=verify,
    )
