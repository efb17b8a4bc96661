"""Signed addresses of a bucket's files: what they open, for whom, and what breaks them."""

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
from gallery.storage.links import get_cached_url
from tests import rows
from tests.api.caller import problem, session
from tests.real_services.buckets import bucket_at

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = [pytest.mark.real_services, pytest.mark.xdist_group("real_services")]


@pytest.fixture
def address(bucket: BucketFiles) -> str:
    """The signed address of `x`; there is a file `y` too."""
    for name in ("x", "y"):
        bucket.save(name, ContentFile(name.encode()))
    return signed(bucket, "x")


@pytest.fixture
def photo(bucket: BucketFiles, alice: User) -> Photo:
    """Alice's, in the bucket."""
    return rows.upload(alice)


def signed(bucket: BucketFiles, name: str, *, filename: str = "") -> str:
    found = bucket.build_signed_url(name, mime="image/png", filename=filename)
    assert found is not None
    return found.url


def redirect(user: User, photo: Photo) -> Any:
    """What the user is answered when asking for the photo's thumbnail, not followed."""
    caller = session(user)
    return caller.client.get(f"/api/v1/revisions/{photo.current_id}/thumbnail/")


def test_only_a_signature_opens_a_file(address: str) -> None:
    assert httpx.get(address).content == b"x"
    assert httpx.get(address.partition("?")[0]).status_code == 403


def test_every_digit_of_the_signature_counts(address: str) -> None:
    start, _, signature = address.partition("X-Amz-Signature=")
    assert len(signature) == 64
    with httpx.Client() as client:
        for place, digit in enumerate(signature):
            other = "0" if digit != "0" else "1"
            forged = f"{signature[:place]}{other}{signature[place + 1 :]}"
            assert client.get(f"{start}X-Amz-Signature={forged}").status_code == 403


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        ("/x?", "/y?"),
        ("X-Amz-Expires=7200", "X-Amz-Expires=7201"),
        ("X-Amz-Date=2", "X-Amz-Date=3"),
        ("inline", "attachment"),
        ("image%2Fpng", "text%2Fhtml"),
    ],
)
def test_what_is_signed_cannot_be_changed(address: str, part: str, instead: str) -> None:
    assert address.count(part) == 1
    assert httpx.get(address.replace(part, instead)).status_code == 403


def test_a_signed_address_only_reads(address: str, bucket: BucketFiles) -> None:
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
def test_the_bucket_answers_as_our_server_would(
    bucket: BucketFiles, filename: str, disposition: str
) -> None:
    bucket.save("x", ContentFile(b"x"))
    answer = httpx.get(signed(bucket, "x", filename=filename))

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"] == disposition
    assert answer.headers["Cache-Control"] == "private, max-age=3600"
    assert "X-Evil" not in answer.headers


def test_an_owner_is_sent_to_the_picture(alice: User, photo: Photo) -> None:
    answer = redirect(alice, photo)

    assert answer.status_code == 302
    kept, seconds = answer["Cache-Control"].split("=")
    assert kept == "private, max-age"
    assert 0 < int(seconds) <= 3600
    picture = httpx.get(answer["Location"])
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/webp")


def test_another_process_gives_the_same_address_out(
    alice: User,
    photo: Photo,
    aws: dict[str, str],
    settings: "Settings",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = redirect(alice, photo)
    # A process of its own has its own storage and, with a role, its own credentials: what it
    # signed itself would differ.
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "another")
    settings.STORAGES = {**settings.STORAGES}
    assert isinstance(storages["default"], BucketFiles)
    assert storages["default"].access_key == "another"

    assert redirect(alice, photo)["Location"] == first["Location"]


def test_a_stranger_learns_no_address(charlie: User, alice: User, photo: Photo) -> None:
    redirect(alice, photo)
    answer = redirect(charlie, photo)

    assert answer.status_code == 404
    assert "Location" not in answer.headers
    assert "X-Amz-Signature" not in answer.content.decode()


def test_nobody_is_sent_to_a_file_that_is_gone(alice: User, photo: Photo) -> None:
    assert photo.current is not None
    first = redirect(alice, photo)["Location"]
    name = str(photo.current.renditions.get(kind="thumbnail").file.name)
    storages["default"].delete(name)

    with pytest.raises(FileNotFoundError):
        get_cached_url(name, mime="image/webp")
    again = redirect(alice, photo)["Location"]
    assert urlsplit(again).path != urlsplit(first).path
    assert httpx.get(again).status_code == 200


def test_looking_at_a_file_and_keeping_it_are_two_addresses(photo: Photo) -> None:
    name, original = str(photo.original.name), read_file(photo.original)
    shown, kept = (
        get_cached_url(name, mime="image/png"),
        get_cached_url(name, mime="image/png", filename="a.png"),
    )

    assert shown is not None
    assert kept is not None
    for link, kind in ((shown, "inline"), (kept, "attachment")):
        query = parse_qs(urlsplit(link.url).query)
        assert query["response-content-disposition"][0].startswith(f"{kind};")
        assert httpx.get(link.url).content == original


def test_a_bucket_out_of_reach_is_said_to_be_so(
    alice: User, photo: Photo, aws: dict[str, str], settings: "Settings", dead_port: int
) -> None:
    bucket_at(f"http://127.0.0.1:{dead_port}", aws, settings)
    answer = session(alice).get(f"revisions/{photo.current_id}/thumbnail/")
    problem(answer, 503, "storage_failed")
