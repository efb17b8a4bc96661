"""photos/: upload from a file, a web address or an example."""

import hashlib
from ipaddress import ip_network
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from ssrfguard import Policy

from accounts.models import User
from gallery.importing import PictureDownloader
from gallery.models import Album, Photo, Role
from gallery.services import album_create
from tests import images, rows
from tests.api.caller import Caller, check_problem, sign_in
from tests.gallery.downloads import resolve_name
from tests.gallery.http_server import build_page, serve
from tests.storage import list_stored_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def album(alice: User) -> Album:
    return album_create(user=alice, name="Holiday")


def is_nothing_stored() -> bool:
    return not Photo.objects.exists() and not list_stored_files()


def test_a_file_becomes_a_photo(owner: Caller, album: Album) -> None:
    data = images.build_jpeg(80, 60)
    file = SimpleUploadedFile("Tom & dog.JPG", data, "application/pdf")
    response = owner.post_form("photos/", file=file, album=str(album.pk), title="At the sea")
    body = response.json()
    assert response.status_code == 201
    assert (body["title"], body["filename"]) == ("At the sea", "Tom & dog.JPG")
    assert (body["format"], body["width"], body["height"], body["bytes"]) == (
        "JPEG", 80, 60, len(data),
    )  # fmt: skip
    assert (body["album"], body["detection_state"]) == (str(album.pk), "queued")
    assert body == owner.get(response["Location"]).json()
    stored = Photo.objects.get(pk=body["id"])
    assert stored.original_sha256 == hashlib.sha256(data).hexdigest()


def test_without_an_album_a_photo_is_added_to_the_default_album(owner: Caller) -> None:
    body = owner.post_form("photos/", file=images.build_png(32, 24), album="", title="").json()
    assert body["title"] == "file"
    assert owner.get(f"albums/{body['album']}/").json()["is_default"]


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", (422, "empty_file")),
        (b"%PDF-1.7 hello", (415, "unsupported_type")),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", (415, "unsupported_type")),
        (images.build_jpeg(200, 150)[:-900], (422, "truncated")),
    ],
    ids=["empty", "pdf", "svg", "truncated"],
)
def test_files_that_are_no_pictures_are_refused(
    owner: Caller, settings: Any, data: bytes, refusal: tuple[int, str]
) -> None:
    check_problem(owner.post_form("photos/", file=data), *refusal)
    assert is_nothing_stored()


def test_a_file_over_the_limit_is_refused(owner: Caller, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 100
    body = check_problem(
        owner.post_form("photos/", file=images.build_png(64, 48)), 413, "too_large"
    )
    assert "smaller" in body["detail"]
    assert is_nothing_stored()


def test_a_request_over_the_limit_is_refused_unread(owner: Caller, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 100
    request: dict[str, Any] = {
        "wsgi.input": UnreadableBody(),
        "CONTENT_LENGTH": str(2**20 + 101),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
    }
    check_problem(owner.client.post("/api/v1/photos/", **request), 413, "too_large")


class UnreadableBody:
    """A body that must not be read."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def test_a_large_json_body_is_refused(owner: Caller) -> None:
    response = owner.post("photos/", {"url": "x" * 2**21})
    check_problem(response, 413, "too_large")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": "x"},
        {"url": "https://a.example/x.png", "example": "astronaut"},
        {"file": "not a file"},
        {"url": ["x"]},
        {"url": ""},
        {"url": "x" * 2001},
        {"example": "x", "album": "not an id"},
        {"example": "x", "title": "x" * 201},
    ],
)
def test_invalid_bodies_are_refused(owner: Caller, settings: Any, body: dict[str, Any]) -> None:
    check_problem(owner.post("photos/", body), 422, "invalid")
    assert is_nothing_stored()


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://169.254.170.2/v2/credentials",
        "http://[fd00:ec2::254]/latest/meta-data/",
        "http://127.0.0.1:8000/",
        "http://localhost/",
        "http://[::ffff:10.0.0.1]/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "no address",
        "http://",
        "http://user:word@example.org/",
    ],
)
def test_addresses_outside_the_public_web_are_refused(
    owner: Caller, settings: Any, url: str
) -> None:
    body = check_problem(owner.post("photos/", {"url": url}), 422, "url_not_allowed")
    assert "public web" in body["detail"]
    assert is_nothing_stored()


def test_a_web_address_becomes_a_photo(
    owner: Caller, album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server on this machine counts as public here."""
    with serve() as web:
        web.pages["/cat.png"] = build_page(images.build_png(40, 30), Content_Type="image/png")
        web.pages["/dog.txt"] = build_page(b"a dog", Content_Type="text/plain")
        policy = Policy(
            allowed_ports=frozenset({web.port}), allowed_networks=(ip_network("127.0.0.1/32"),)
        )
        fetch = PictureDownloader(policy=policy, lookup=resolve_name).download
        monkeypatch.setattr("gallery.services.photos.download_picture", fetch)
        body = {"url": f"http://pictures.example:{web.port}/cat.png", "album": str(album.pk)}
        response = owner.post("photos/", body)
        missing = owner.post("photos/", {"url": f"http://pictures.example:{web.port}/dog.txt"})
    assert response.status_code == 201
    assert (response.json()["title"], response.json()["album"]) == ("cat", str(album.pk))
    check_problem(missing, 422, "url_not_a_picture")


def test_an_example_becomes_a_photo_with_its_credit(owner: Caller) -> None:
    example = owner.get("examples/").json()["results"][0]
    response = owner.post("photos/", {"example": example["id"]})
    body = response.json()
    assert response.status_code == 201
    assert (body["title"], body["width"]) == (example["title"], example["width"])
    assert example["credit"] in body["credit"]


def test_an_unknown_example_gets_404(owner: Caller) -> None:
    check_problem(owner.post("photos/", {"example": "../../etc"}), 404, "not_found")


def test_an_upload_needs_the_right_to_add_to_the_album(
    album: Album, bob: User, charlie: User
) -> None:
    rows.share(album, bob, Role.VIEWER)
    for user, refusal in ((bob, (403, "not_allowed")), (charlie, (404, "not_found"))):
        response = sign_in(user).post_form(
            "photos/", file=images.build_png(32, 24), album=str(album.pk)
        )
        check_problem(response, *refusal)
    assert not Photo.objects.exists()
