"""One try each: a POST to somebody's server, within seconds, and what came of it."""

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

from web.outbound import guarded_client

logger = logging.getLogger(__name__)

SECONDS = 8.0
EXCERPT_SECONDS = 2.0
EXCERPT_BYTES = 1024
EXCERPT_LETTERS = 200
HEADERS = {
    "User-Agent": "Vanish/1 (webhooks)",
    "Content-Type": "application/json",
    "Accept-Encoding": "identity",
}


@dataclass(frozen=True)
class Message:
    """What goes where: the body and the signed headers."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Outcome:
    """What came of a try.

    Attributes:
        status: the HTTP status; None where there was no answer.
        seconds: until the answer, or until it was given up.
        error: "", http_error, redirected, timeout, unreachable or address_not_allowed.
        excerpt: the beginning of the answer's body as text, at most 200 letters.
        wish: what the answer's Retry-After asks for.
    """

    status: int | None
    seconds: float
    error: str = ""
    excerpt: str = ""
    wish: timedelta | None = None


@dataclass(frozen=True)
class Sender:
    """Sends to where the policy allows, and follows nobody elsewhere."""

    policy: Policy
    lookup: Resolver = socket.getaddrinfo
    seconds: float = SECONDS

    def send_all(self, messages: Sequence[Message]) -> list[Outcome]:
        """Send them all at once; the outcomes come in the messages' order, within 10 s."""
        return asyncio.run(self._all(messages))

    async def _all(self, messages: Sequence[Message]) -> list[Outcome]:
        trust = httpx.create_ssl_context(trust_env=False)
        return await asyncio.gather(*(self._try(message, trust) for message in messages))

    async def _try(self, message: Message, trust: ssl.SSLContext) -> Outcome:
        """A client each: none keeps another's cookies or connections."""
        begun = time.monotonic()
        try:
            async with guarded_client(
                policy=self.policy, lookup=self.lookup, headers=HEADERS, verify=trust
            ) as client:
                return await self._answer(client, message, begun)
        except (BlockedAddressError, BlockedURLError) as refused:
            logger.warning("Refused to send an event to an address: %s", refused.reason)
            error = "address_not_allowed"
        # A host name that is no name at all comes as the codec's own error.
        except (httpx.InvalidURL, UnicodeError):
            error = "address_not_allowed"
        except (TimeoutError, httpx.TimeoutException):
            error = "timeout"
        except httpx.HTTPError:
            error = "unreachable"
        return Outcome(None, _since(begun), error)

    async def _answer(self, client: AsyncClient, message: Message, begun: float) -> Outcome:
        request = client.build_request(
            "POST", message.url, headers=message.headers, content=message.body
        )
        async with asyncio.timeout(self.seconds):
            response = await client.send(request, stream=True, follow_redirects=False)
        seconds = _since(begun)
        try:
            excerpt = await _excerpt(response)
        finally:
            await response.aclose()
        wish = retry_after(response.headers.get("Retry-After", ""), datetime.now(UTC))
        return Outcome(response.status_code, seconds, _error(response), excerpt, wish)


def retry_after(header: str, now: datetime) -> timedelta | None:
    """The wait that a Retry-After asks for, in seconds or as a date; None where it is neither."""
    if header.isascii() and header.isdigit():
        return timedelta(seconds=min(int(header[:9]), 10**8))
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(timedelta(), moment.replace(tzinfo=moment.tzinfo or UTC) - now)


def _error(response: httpx.Response) -> str:
    if response.is_success:
        return ""
    return "redirected" if response.is_redirect else "http_error"


async def _excerpt(response: httpx.Response) -> str:
    """As it was sent: nothing is decompressed, so nothing can grow. The status counts anyway."""
    data = bytearray()
    with suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(EXCERPT_SECONDS):
            async for chunk in response.aiter_raw():
                data += chunk
                if len(data) >= EXCERPT_BYTES:
                    break
    text = bytes(data[:EXCERPT_BYTES]).decode(errors="replace")
    return "".join(c if c.isprintable() else " " for c in text)[:EXCERPT_LETTERS].strip()


def _since(begun: float) -> float:
    return round(time.monotonic() - begun, 3)
