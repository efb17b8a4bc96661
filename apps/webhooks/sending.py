"""One try for each delivery: a POST to a user's server, with a short timeout, and its outcome."""

import asyncio
import logging
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
from ssrfguard import BlockedAddressError, BlockedURLError, Policy, Resolver
from ssrfguard.httpx import AsyncClient

from web.outbound import build_guarded_client

logger = logging.getLogger(__name__)

SECONDS = 8.0
EXCERPT_SECONDS = 2.0
EXCERPT_BYTES = 1024
EXCERPT_CHARACTERS = 200
HEADERS = {
    "User-Agent": "Vanish/1 (webhooks)",
    "Content-Type": "application/json",
    "Accept-Encoding": "identity",
}


@dataclass(frozen=True)
class Message:
    """A request to send: the URL, the signed headers and the body."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Outcome:
    """The outcome of a try.

    Attributes:
        status: the HTTP status; None without a response.
        seconds: the time until the response or the error.
        error: "", http_error, redirected, timeout, unreachable or address_not_allowed.
        excerpt: the beginning of the response's body as text, at most 200 characters.
        retry_delay: the pause that the response's Retry-After requests.
    """

    status: int | None
    seconds: float
    error: str = ""
    excerpt: str = ""
    retry_delay: timedelta | None = None


@dataclass(frozen=True)
class Sender:
    """Sends messages to URLs that the policy allows, and follows no redirects."""

    policy: Policy
    lookup: Resolver = socket.getaddrinfo
    seconds: float = SECONDS

    def send_all(self, messages: Sequence[Message]) -> list[Outcome]:
        """Send all messages at the same time; return the outcomes in their order, within 10 s."""
        return asyncio.run(self._send_concurrently(messages))

    async def _send_concurrently(self, messages: Sequence[Message]) -> list[Outcome]:
        trust = httpx.create_ssl_context(trust_env=False)
        return await asyncio.gather(*(self._try(message, trust) for message in messages))

    async def _try(self, message: Message, trust: ssl.SSLContext) -> Outcome:
        """Send one message with its own client, so that no cookies or connections are shared."""
        start = time.monotonic()
        try:
            async with build_guarded_client(
                policy=self.policy, lookup=self.lookup, headers=HEADERS, verify=trust
            ) as client:
                return await self._post(client, message, start)
        except (BlockedAddressError, BlockedURLError) as refusal:
            logger.warning("An event was not sent, its URL is not allowed: %s", refusal.reason)
            error = "address_not_allowed"
        # An invalid host name raises an error of Python's IDNA codec.
        except (httpx.InvalidURL, UnicodeError):
            error = "address_not_allowed"
        except (TimeoutError, httpx.TimeoutException):
            error = "timeout"
        except httpx.HTTPError:
            error = "unreachable"
        return Outcome(None, _measure_seconds(start), error)

    async def _post(self, client: AsyncClient, message: Message, start: float) -> Outcome:
        request = client.build_request(
            "POST", message.url, headers=message.headers, content=message.body
        )
        async with asyncio.timeout(self.seconds):
            response = await client.send(request, stream=True, follow_redirects=False)
        seconds = _measure_seconds(start)
        try:
            excerpt = await _read_excerpt(response)
        finally:
            await response.aclose()
        pause = retry_after(response.headers.get("Retry-After", ""), datetime.now(UTC))
        return Outcome(response.status_code, seconds, _name_error(response), excerpt, pause)


def retry_after(header: str, now: datetime) -> timedelta | None:
    """Return the pause that a Retry-After header requests, or None if it cannot be read.

    The header is a number of seconds or an HTTP date (RFC 9110, section 10.2.3).
    """
    if header.isascii() and header.isdigit():
        return timedelta(seconds=min(int(header[:9]), 10**8))
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(timedelta(), moment.replace(tzinfo=moment.tzinfo or UTC) - now)


def _name_error(response: httpx.Response) -> str:
    if response.is_success:
        return ""
    return "redirected" if response.is_redirect else "http_error"


async def _read_excerpt(response: httpx.Response) -> str:
    """Return the beginning of the raw body; it is not decompressed, so that it cannot grow.

    An error while the body is read does not matter, because only the status counts.
    """
    data = bytearray()
    with suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(EXCERPT_SECONDS):
            async for chunk in response.aiter_raw():
                data += chunk
                if len(data) >= EXCERPT_BYTES:
                    break
    text = bytes(data[:EXCERPT_BYTES]).decode(errors="replace")
    return "".join(c if c.isprintable() else " " for c in text)[:EXCERPT_CHARACTERS].strip()


def _measure_seconds(start: float) -> float:
    return round(time.monotonic() - start, 3)
