"""The names of photos for visitors of a share link."""

import pytest

from accounts.models import User
from gallery.models import Photo, ShareLink
from gallery.services import share_link_create
from tests import rows
from tests.gallery.share_link_requests import send_request

CAMERA_NAME = "IMG_20260331_142233"
pytestmark = pytest.mark.django_db


def get_saved_name(link: ShareLink, photo: Photo) -> str:
    disposition = str(send_request("shared-download", link, photo)["Content-Disposition"])
    return disposition.removeprefix('attachment; filename="').removesuffix('"')


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (CAMERA_NAME, "photo-1.png"),
        (f"{CAMERA_NAME}.jpg", "photo-1.png"),
        ("img 20260331-142233", "photo-1.png"),
        ("...", "photo-1.png"),
        ("Our beach", "Our beach.png"),
    ],
)
def test_a_download_is_named_by_the_owners_title_or_a_number(
    photo: Photo, link: ShareLink, title: str, expected: str
) -> None:
    Photo.objects.update(title=title, filename=f"{CAMERA_NAME}.jpg")
    assert get_saved_name(link, photo) == expected


def test_a_page_does_not_tell_the_name_of_the_file(photo: Photo, link: ShareLink) -> None:
    Photo.objects.update(title=CAMERA_NAME, filename=f"{CAMERA_NAME}.jpg")
    for name in ("shared", "shared-photo"):
        page = send_request(name, link, photo).content.decode()
        assert CAMERA_NAME not in page
        assert "Photo 1" in page


def test_photos_are_numbered_from_the_oldest(photo: Photo, link: ShareLink, alice: User) -> None:
    """The newest would be shown first, but a new photo must not rename the others."""
    second = rows.upload(alice, album=photo.album)
    assert get_saved_name(link, photo) == "photo-1.png"
    assert get_saved_name(link, second) == "photo-2.png"
    page = send_request("shared", link, photo).content.decode()
    assert page.index("Photo 2") < page.index("Photo 1")
    only = share_link_create(user=alice, album=photo.album, photo=second)
    assert get_saved_name(only, second) == "photo-1.png"
