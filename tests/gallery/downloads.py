"""Helpers of the import tests: a picture, a stand-in resolver and the check of a refusal."""

import socket
from typing import Any

import pytest

from gallery.importing import ImportRefused, PictureDownloader

MEGABYTE = 2**20
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
NAMES = {
    "pictures.example": ["127.0.0.1"],
    "localhost": ["127.0.0.1"],
    "sub.localhost": ["127.0.0.1"],
    "ip6-localhost": ["::1"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
    "metadata.example": ["169.254.169.254"],
    "metadata6.example": ["fd00:ec2::254"],
    "mapped.example": ["::ffff:10.0.0.1"],
    "nat64.example": ["64:ff9b::a9fe:a9fe"],
    "both.example": ["93.184.215.14", "10.0.0.1"],
}


def resolve_name(host: str, port: int, *_: Any) -> list[Any]:
    """Resolve `host` as name servers would: names by the table, literal addresses as they are."""
    addresses: list[Any] = []
    for address in NAMES.get(host, [host]):
        addresses += socket.getaddrinfo(
            address, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
        )
    return addresses


def expect_refusal(
    downloader: PictureDownloader, url: str, max_bytes: int = MEGABYTE
) -> ImportRefused:
    """Check that the download is refused with status 422 and a sentence; return the error."""
    with pytest.raises(ImportRefused) as error:
        downloader.download(url, max_bytes=max_bytes)
    assert error.value.status == 422
    assert len(error.value.message) > 30
    return error.value
