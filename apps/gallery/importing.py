"""Fetching a picture from an address that a stranger typed, and from nowhere inside our network.

The guard is `web.outbound`, for each redirect anew; here are the caps on redirects, time and
bytes.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import httpx
from ssrfguard import BlockedAddressError, BlockedURLError, Policy, Resolver
from ssrfguard.httpx import AsyncClient

from web.errors import Problem
from web.outbound import PUBLIC_WEB, guarded_client

logger = logging.getLogger(__name__)

REDIRECTS = 3
SECONDS = 15.0
LONGEST_NAME = 150
TYPES_THAT_SAY_NOTHING = ("", "application/octet-stream", "binary/octet-stream")
HEADERS = {
    "User-Agent": "Vanish/1 (fetches a picture that a user asked for)",
    "Accept": "image/*",
    "Accept-Encoding": "identity",
}


class ImportRefused(Problem):
    """An address that no picture could be fetched from.

    Codes: url_not_allowed, url_unreachable, url_too_slow, url_too_large, url_not_a_picture.
    """

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message, code=code, fields={"url": [message]})


@dataclass(frozen=True)
class DownloadedFile:
    """What stood at an address, not looked into yet.

    Attributes:
        data: the bytes as they were sent.
        filename: the last part of the final address's path; no slashes, no control characters.
        final_url: the address in the end, after redirects.
    """

    data: bytes
    filename: str
    final_url: str


def download_picture(url: str, *, max_bytes: int) -> DownloadedFile:
    """Fetch what may be a picture from the public web; the decoder has the last word on it.

    Raises:
        ImportRefused: with one of its codes.
    """
    return PictureDownloader().download(url, max_bytes=max_bytes)


@dataclass(frozen=True)
class PictureDownloader:
    """Fetches from where a policy allows, within a number of seconds from first to last."""

    policy: Policy = PUBLIC_WEB
    lookup: Resolver = socket.getaddrinfo
    seconds: float = SECONDS

    def download(self, url: str, *, max_bytes: int) -> DownloadedFile:
        """As `download_picture`."""
        try:
            return asyncio.run(self._within_time(url.strip(), max_bytes))
        except (BlockedAddressError, BlockedURLError) as refused:
            logger.warning("Refused to import from an address: %s", refused.reason)
            raise _not_allowed() from refused
        # A host name that is no name at all comes as the codec's own error.
        except (httpx.InvalidURL, UnicodeError) as bad:
            raise _not_allowed() from bad
        except (TimeoutError, httpx.TimeoutException) as late:
            message = "The other server was too slow; try again later, or download and upload it."
            raise ImportRefused(message, code="url_too_slow") from late
        except httpx.TransportError as failed:
            raise _unreachable("The other server could not be reached, or hung up.") from failed

    async def _within_time(self, url: str, max_bytes: int) -> DownloadedFile:
        async with (
            asyncio.timeout(self.seconds),
            guarded_client(policy=self.policy, lookup=self.lookup, headers=HEADERS) as client,
        ):
            response = await _follow(client, url)
            try:
                _check_head(response, max_bytes)
                data = await _read(response, max_bytes)
            finally:
                await response.aclose()
            final_url = str(response.url)
            return DownloadedFile(data, _filename(final_url), final_url)


async def _follow(client: AsyncClient, url: str) -> httpx.Response:
    """The answer after the redirects, its body unread: a redirect's body could be endless."""
    request = client.build_request("GET", url)
    for _ in range(REDIRECTS + 1):
        response = await client.send(request, stream=True, follow_redirects=False)
        if response.next_request is None:
            return response
        await response.aclose()
        request = response.next_request
    raise _unreachable(f"The other server redirected more than {REDIRECTS} times.")


def _check_head(response: httpx.Response, max_bytes: int) -> None:
    if response.status_code != httpx.codes.OK:
        raise _unreachable(f"The other server answered {response.status_code}.")
    declared = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if not declared.startswith("image/") and declared not in TYPES_THAT_SAY_NOTHING:
        raise _not_a_picture(f"There is no picture at this address but “{declared[:50]}”.")
    # Nothing is decompressed here, so nothing can grow beyond what was sent.
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise _not_a_picture("The other server insists on sending the picture compressed.")
    if int(response.headers.get("Content-Length", 0)) > max_bytes:
        raise _too_large(max_bytes)


async def _read(response: httpx.Response, max_bytes: int) -> bytes:
    data = bytearray()
    async for chunk in response.aiter_raw():
        data += chunk
        if len(data) > max_bytes:
            raise _too_large(max_bytes)
    return bytes(data)


def _filename(url: str) -> str:
    last = unquote(urlsplit(url).path).replace("\\", "/").rpartition("/")[2]
    printable = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    return printable[-LONGEST_NAME:] or "picture"


def _not_allowed() -> ImportRefused:
    message = (
        "Only pictures on the public web can be imported: give an http:// or https:// address on "
        "the usual port, without a password in it."
    )
    return ImportRefused(message, code="url_not_allowed")


def _unreachable(what: str) -> ImportRefused:
    message = f"{what} Open the address in a browser to see whether it works there."
    return ImportRefused(message, code="url_unreachable")


def _not_a_picture(what: str) -> ImportRefused:
    message = f"{what} Give the address of the picture itself, or download and upload it."
    return ImportRefused(message, code="url_not_a_picture")


def _too_large(max_bytes: int) -> ImportRefused:
    message = f"The file is larger than {max_bytes / 2**20:g} MB; make it smaller and upload it."
    return ImportRefused(message, code="url_too_large")
