"""A web server for what the gallery fetches."""

from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from ssrfguard import Policy

from gallery.importing import PictureDownloader
from tests.gallery.downloads import PICTURE, lookup
from tests.gallery.web import Web, page, serve


@pytest.fixture
def web() -> Iterator[Web]:
    with serve() as running:
        running.pages["/cat.png"] = page(PICTURE, Content_Type="image/png")
        yield running


@pytest.fixture
def downloader(web: Web) -> PictureDownloader:
    """One for which 127.0.0.1 and the server's port count as public, and nothing else more."""
    policy = Policy(
        allowed_ports=frozenset({80, 443, web.port}), allowed_networks=(ip_network("127.0.0.1/32"),)
    )
    return PictureDownloader(policy=policy, lookup=lookup, seconds=30)
