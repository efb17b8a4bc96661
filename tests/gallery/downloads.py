"""What the tests of importing share: a picture, stand-in name servers, and what a refusal is."""

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


def lookup(host: str, port: int, *_: Any) -> list[Any]:
    """Stands in for name servers: literal addresses as they are, names from the table."""
    answers: list[Any] = []
    for address in NAMES.get(host, [host]):
        answers += socket.getaddrinfo(
            address, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
        )
    return answers


def refusal(downloader: PictureDownloader, url: str, max_bytes: int = MEGABYTE) -> ImportRefused:
    with pytest.raises(ImportRefused) as refused:
        downloader.download(url, max_bytes=max_bytes)
    assert refused.value.status == 422
    assert len(refused.value.message) > 30
    return refused.value
