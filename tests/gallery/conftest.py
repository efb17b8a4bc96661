"""A stand-in web server to import from, and a photo with share links."""

from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from ssrfguard import Policy

from accounts.models import User
from gallery.importing import PictureDownloader
from gallery.models import Photo, ShareLink
from gallery.services import album_create, share_link_create
from tests import rows
from tests.gallery.downloads import PICTURE, resolve_name
from tests.gallery.http_server import HttpServer, build_page, serve


@pytest.fixture
def web() -> Iterator[HttpServer]:
    """A running server that has a picture under `/cat.png`."""
    with serve() as running:
        running.pages["/cat.png"] = build_page(PICTURE, Content_Type="image/png")
        yield running


@pytest.fixture
def downloader(web: HttpServer) -> PictureDownloader:
    """A downloader whose policy also allows 127.0.0.1 and the server's port."""
    policy = Policy(
        allowed_ports=frozenset({80, 443, web.port}), allowed_networks=(ip_network("127.0.0.1/32"),)
    )
    return PictureDownloader(policy=policy, lookup=resolve_name, seconds=30)


@pytest.fixture
def photo(alice: User) -> Photo:
    """A photo in Alice's album "Holiday"."""
    return rows.upload(alice, album=album_create(user=alice, name="Holiday"))


@pytest.fixture
def link(alice: User, photo: Photo) -> ShareLink:
    """A link to the album."""
    return share_link_create(user=alice, album=photo.album)


@pytest.fixture
def photo_link(alice: User, photo: Photo) -> ShareLink:
    """A link to the one photo."""
    return share_link_create(user=alice, album=photo.album, photo=photo)
