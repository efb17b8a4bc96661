"""Download of a picture from an address that a user gave.

`web.outbound` refuses addresses inside our network, for each redirect again; this module limits
redirects, time and bytes.
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

from gallery.names import clean_name
from web.errors import Problem
from web.outbound import PUBLIC_WEB, build_guarded_client

logger = logging.getLogger(__name__)

MAX_REDIRECTS = 3
MAX_SECONDS = 15.0
MAX_NAME_LENGTH = 150
GENERIC_TYPES = ("", "application/octet-stream", "binary/octet-stream")
HEADERS = {
    "User-Agent": "Vanish/1 (fetches a picture that a user asked for)",
    "Accept": "image/*",
    "Accept-Encoding": "identity",
}


class ImportRefused(Problem):
    """An address from which no picture could be downloaded.

    Codes: url_not_allowed, url_unreachable, url_too_slow, url_too_large, url_not_a_picture.
    """

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message, code=code, fields={"url": [message]})


@dataclass(frozen=True)
class DownloadedFile:
    """The file at an address, not decoded yet.

    Attributes:
        data: the bytes that the server sent.
        filename: the last part of the final address's path, without slashes and control characters.
        final_url: the address after all redirects.
    """

    data: bytes
    filename: str
    final_url: str


def download_picture(url: str, *, max_bytes: int) -> DownloadedFile:
    """Download a file from the public web; only decoding it shows whether it is a picture.

    Raises:
        ImportRefused: the address is not allowed or gives no picture; see its codes.
    """
    return PictureDownloader().download(url, max_bytes=max_bytes)


@dataclass(frozen=True)
class PictureDownloader:
    """Downloader for addresses that a policy allows, with a limit of seconds for the whole call."""

    policy: Policy = PUBLIC_WEB
    lookup: Resolver = socket.getaddrinfo
    seconds: float = MAX_SECONDS

    def download(self, url: str, *, max_bytes: int) -> DownloadedFile:
        """Download a file of at most `max_bytes`; raises like `download_picture`."""
        try:
            return asyncio.run(self._download_within_limits(url.strip(), max_bytes))
        except (BlockedAddressError, BlockedURLError) as error:
            logger.warning("Refused to import from an address: %s", error.reason)
            raise _build_not_allowed() from error
        # An invalid host name raises the codec's own error.
        except (httpx.InvalidURL, UnicodeError) as error:
            raise _build_not_allowed() from error
        except (TimeoutError, httpx.TimeoutException) as error:
            message = "The other server was too slow; try again later, or download and upload it."
            raise ImportRefused(message, code="url_too_slow") from error
        except httpx.TransportError as error:
            raise _build_unreachable(
                "The other server could not be reached, or hung up."
            ) from error

    async def _download_within_limits(self, url: str, max_bytes: int) -> DownloadedFile:
        async with (
            asyncio.timeout(self.seconds),
            build_guarded_client(policy=self.policy, lookup=self.lookup, headers=HEADERS) as client,
        ):
            response = await _follow_redirects(client, url)
            try:
                _check_head(response, max_bytes)
                data = await _read_body(response, max_bytes)
            finally:
                await response.aclose()
            final_url = str(response.url)
            return DownloadedFile(data, _extract_filename(final_url), final_url)


async def _follow_redirects(client: AsyncClient, url: str) -> httpx.Response:
    """Return the response after all redirects, with its body unread.

    The bodies of redirects are not read, because they could be endless.
    """
    request = client.build_request("GET", url)
    for _ in range(MAX_REDIRECTS + 1):
        response = await client.send(request, stream=True, follow_redirects=False)
        if response.next_request is None:
            return response
        await response.aclose()
        request = response.next_request
    raise _build_unreachable(f"The other server redirected more than {MAX_REDIRECTS} times.")


def _check_head(response: httpx.Response, max_bytes: int) -> None:
    if response.status_code != httpx.codes.OK:
        raise _build_unreachable(f"The other server answered {response.status_code}.")
    mime = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if not mime.startswith("image/") and mime not in GENERIC_TYPES:
        raise _build_not_a_picture(f"There is no picture at this address but “{mime[:50]}”.")
    # The body is not decompressed, so the data cannot become larger than what was sent.
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise _build_not_a_picture("The other server insists on sending the picture compressed.")
    if int(response.headers.get("Content-Length", 0)) > max_bytes:
        raise _build_too_large(max_bytes)


async def _read_body(response: httpx.Response, max_bytes: int) -> bytes:
    data = bytearray()
    async for chunk in response.aiter_raw():
        data += chunk
        if len(data) > max_bytes:
            raise _build_too_large(max_bytes)
    return bytes(data)


def _extract_filename(url: str) -> str:
    last = unquote(urlsplit(url).path).replace("\\", "/").rpartition("/")[2]
    return clean_name(last).strip(" .")[-MAX_NAME_LENGTH:] or "picture"


def _build_not_allowed() -> ImportRefused:
    message = (
        "Only pictures on the public web can be imported: give an http:// or https:// address on "
        "the usual port, without a password in it."
    )
    return ImportRefused(message, code="url_not_allowed")


def _build_unreachable(what: str) -> ImportRefused:
    message = f"{what} Open the address in a browser to see whether it works there."
    return ImportRefused(message, code="url_unreachable")


def _build_not_a_picture(what: str) -> ImportRefused:
    message = f"{what} Give the address of the picture itself, or download and upload it."
    return ImportRefused(message, code="url_not_a_picture")


def _build_too_large(max_bytes: int) -> ImportRefused:
    message = f"The file is larger than {max_bytes / 2**20:g} MB; make it smaller and upload it."
    return ImportRefused(message, code="url_too_large")
