"""Signed URLs of files in a bucket: what they open, for whom, and how changes break them."""

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from accounts.models import User
from gallery.models import Photo
from gallery.renditions import read_file
from gallery.storage.bucket import BucketFiles
from gallery.storage.signed_urls import get_cached_url
from tests import rows
from tests.api.caller import check_problem, sign_in
from tests.real_services.buckets import use_bucket

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = [pytest.mark.real_services, pytest.mark.xdist_group("real_services")]


@pytest.fixture
def address(bucket: BucketFiles) -> str:
    """The signed URL of the file `x`; a file `y` exists too."""
    for name in ("x", "y"):
        bucket.save(name, ContentFile(name.encode()))
    return sign_url(bucket, "x")


@pytest.fixture
def photo(bucket: BucketFiles, alice: User) -> Photo:
    """A photo of Alice's in the bucket."""
    return rows.upload(alice)


def sign_url(bucket: BucketFiles, name: str, *, filename: str = "") -> str:
    link = bucket.build_signed_url(name, mime="image/png", filename=filename)
    assert link is not None
    return link.url


def request_thumbnail(user: User, photo: Photo) -> Any:
    """Request the photo's thumbnail as `user` and return the response, without redirects."""
    caller = sign_in(user)
    return caller.client.get(f"/api/v1/revisions/{photo.current_id}/thumbnail/")


def test_only_a_signature_opens_a_file(address: str) -> None:
    assert httpx.get(address).content == b"x"
    assert httpx.get(address.partition("?")[0]).status_code == 403


def test_a_signature_with_one_changed_digit_is_refused(address: str) -> None:
    start, _, signature = address.partition("X-Amz-Signature=")
    assert len(signature) == 64
    with httpx.Client() as client:
        for position, digit in enumerate(signature):
            other = "0" if digit != "0" else "1"
            forged = f"{signature[:position]}{other}{signature[position + 1 :]}"
            assert client.get(f"{start}X-Amz-Signature={forged}").status_code == 403


@pytest.mark.parametrize(
    ("part", "replacement"),
    [
        ("/x?", "/y?"),
        ("X-Amz-Expires=7200", "X-Amz-Expires=7201"),
        ("X-Amz-Date=2", "X-Amz-Date=3"),
        ("inline", "attachment"),
        ("image%2Fpng", "text%2Fhtml"),
    ],
)
def test_a_signed_url_with_a_changed_part_is_refused(
    address: str, part: str, replacement: str
) -> None:
    assert address.count(part) == 1
    assert httpx.get(address.replace(part, replacement)).status_code == 403


def test_a_signed_url_only_allows_reading(address: str, bucket: BucketFiles) -> None:
    assert httpx.put(address, content=b"mine").status_code == 403
    assert httpx.delete(address).status_code == 403
    with bucket.open("x") as file:
        assert file.read() == b"x"


@pytest.mark.parametrize(
    ("filename", "disposition"),
    [
        ("", 'inline; filename="picture"'),
        ("beach.png", 'attachment; filename="beach.png"'),
        ('the "sea".png', 'attachment; filename="the \\"sea\\".png"'),
        ("Zoë am Meer.png", "attachment; filename*=utf-8''Zo%C3%AB%20am%20Meer.png"),
        ("a\r\nX-Evil: 1", "attachment; filename*=utf-8''a%0D%0AX-Evil%3A%201"),
    ],
)
def test_the_bucket_sends_the_same_headers_as_our_server(
    bucket: BucketFiles, filename: str, disposition: str
) -> None:
    bucket.save("x", ContentFile(b"x"))
    answer = httpx.get(sign_url(bucket, "x", filename=filename))

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"] == disposition
    assert answer.headers["Cache-Control"] == "private, max-age=3600"
    assert "X-Evil" not in answer.headers


def test_an_owner_is_redirected_to_the_picture(alice: User, photo: Photo) -> None:
    answer = request_thumbnail(alice, photo)

    assert answer.status_code == 302
    policy, seconds = answer["Cache-Control"].split("=")
    assert policy == "private, max-age"
    assert 0 < int(seconds) <= 3600
    picture = httpx.get(answer["Location"])
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/webp")


def test_another_process_redirects_to_the_same_url(
    alice: User,
    photo: Photo,
    aws: dict[str, str],
    settings: "Settings",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = request_thumbnail(alice, photo)
    # Another process has its own storage and, with a role, its own credentials: a URL that it
    # signed itself would differ.
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "another")
    settings.STORAGES = {**settings.STORAGES}
    assert isinstance(storages["default"], BucketFiles)
    assert storages["default"].access_key == "another"

    assert request_thumbnail(alice, photo)["Location"] == first["Location"]


def test_a_stranger_gets_no_url(charlie: User, alice: User, photo: Photo) -> None:
    request_thumbnail(alice, photo)
    answer = request_thumbnail(charlie, photo)

    assert answer.status_code == 404
    assert "Location" not in answer.headers
    assert "X-Amz-Signature" not in answer.content.decode()


def test_a_missing_file_is_rendered_again_before_the_redirect(alice: User, photo: Photo) -> None:
    assert photo.current is not None
    first = request_thumbnail(alice, photo)["Location"]
    name = str(photo.current.renditions.get(kind="thumbnail").file.name)
    storages["default"].delete(name)

    with pytest.raises(FileNotFoundError):
        get_cached_url(name, mime="image/webp")
    second_url = request_thumbnail(alice, photo)["Location"]
    assert urlsplit(second_url).path != urlsplit(first).path
    assert httpx.get(second_url).status_code == 200


def test_viewing_and_downloading_a_file_use_different_urls(photo: Photo) -> None:
    name, original = str(photo.original.name), read_file(photo.original)
    view_link, download_link = (
        get_cached_url(name, mime="image/png"),
        get_cached_url(name, mime="image/png", filename="a.png"),
    )

    assert view_link is not None
    assert download_link is not None
    for link, kind in ((view_link, "inline"), (download_link, "attachment")):
        query = parse_qs(urlsplit(link.url).query)
        assert query["response-content-disposition"][0].startswith(f"{kind};")
        assert httpx.get(link.url).content == original


def test_an_unreachable_bucket_is_reported_as_storage_failed(
    alice: User, photo: Photo, aws: dict[str, str], settings: "Settings", dead_port: int
) -> None:
    use_bucket(f"http://127.0.0.1:{dead_port}", aws, settings)
    answer = sign_in(alice).get(f"revisions/{photo.current_id}/thumbnail/")
    check_problem(answer, 503, "storage_failed")
