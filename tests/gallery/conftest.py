"""A web server for what the gallery fetches, and a photo that is shared by a link."""

from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from ssrfguard import Policy

from accounts.models import User
from gallery.importing import PictureDownloader
from gallery.models import Photo, ShareLink
from gallery.services import album_create, share_link_create
from tests import rows
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


@pytest.fixture
def photo(alice: User) -> Photo:
    """In Alice's album "Holiday"."""
    return rows.upload(alice, album=album_create(user=alice, name="Holiday"))


@pytest.fixture
def link(alice: User, photo: Photo) -> ShareLink:
    """To the album."""
    return share_link_create(user=alice, album=photo.album)


@pytest.fixture
def photo_link(alice: User, photo: Photo) -> ShareLink:
    """To the one photo."""
    return share_link_create(user=alice, album=photo.album, photo=photo)
