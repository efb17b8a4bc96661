"""Chunks, ranges and HEAD on gunicorn, whose errors and ends of bodies a test client lacks."""

import json
import socket
from collections.abc import Iterator

import httpx
import pytest
from django.conf import settings

from api.views.base import MULTIPART_SLACK
from gallery.storage.base import PART_BYTES
from tests import images
from tests.api.live import LiveApi, run_live_api
from tests.web_server import HOST

JSON = "application/json"
TEXT = json.dumps({"name": "Été"}, ensure_ascii=False).encode()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApi]:
    """Gunicorn with a database of its own."""
    with run_live_api(tmp_path_factory.mktemp("bodies"), "") as api:
        yield api


def iterate_pieces(data: bytes, size: int = 1000) -> Iterator[bytes]:
    """Yield `data` in pieces: the client then sends chunks without a Content-Length."""
    for start in range(0, len(data), size):
        yield data[start : start + size]


def build_form(file: bytes) -> bytes:
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    return head + file + b"\r\n--b--\r\n"


def test_json_and_uploads_in_chunks_are_taken(live: LiveApi) -> None:
    headers = live.alice | {"Content-Type": JSON}
    album = live.post("albums/", headers, content=iterate_pieces(TEXT, 5))
    assert (album.status_code, album.json()["name"]) == (201, "Été")

    picture = images.build_png(96, 64)
    form = iterate_pieces(build_form(picture))
    headers = live.alice | {"Content-Type": "multipart/form-data; boundary=b"}
    photo = live.post("photos/", headers | {"Idempotency-Key": "chunks"}, content=form)
    assert photo.status_code == 201, photo.text
    original = live.get(f"photos/{photo.json()['id']}/original/", live.alice)
    assert original.content == picture


def test_chunks_over_the_limits_are_refused_with_a_problem(live: LiveApi) -> None:
    sizes = {
        ("albums/", JSON): settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        ("photos/", "multipart/form-data; boundary=b"): (
            settings.UPLOAD_MAX_BYTES + MULTIPART_SLACK
        ),
    }
    for (path, content_type), limit in sizes.items():
        headers = live.alice | {"Content-Type": content_type}
        body = iterate_pieces(bytes(limit + 2**16), 2**16)
        response = live.post(path, headers, content=body)
        assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_a_part_of_a_direct_upload_in_chunks_is_taken(live: LiveApi) -> None:
    picture = images.build_png(96, 64)
    upload = live.post(
        "uploads/", live.alice, json={"filename": "a.png", "length": len(picture)}
    ).json()
    (part,) = upload["requests"]
    assert len(picture) < PART_BYTES
    url = httpx.URL(live.root).join(part["url"])
    response = httpx.request(part["method"], url, content=iterate_pieces(picture))
    assert response.status_code == 204, response.text
    assert live.post(f"uploads/{upload['id']}/photo/", live.alice).status_code == 201


@pytest.mark.parametrize("body", ["5\r\nab", "zz\r\nabcde\r\n0\r\n\r\n"], ids=["cut", "invalid"])
def test_chunks_that_are_cut_off_or_invalid_are_refused(live: LiveApi, body: str) -> None:
    head = (
        f"POST /api/v1/albums/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: {JSON}\r\n"
        f"Authorization: {live.alice['Authorization']}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with socket.create_connection((HOST, live.server.port), timeout=60) as connection:
        connection.sendall((head + body).encode())
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(2**16), b""))
    assert answer.startswith(b"HTTP/1.1 400 "), answer[:200]


def test_gunicorn_sends_ranges_and_no_body_after_head(live: LiveApi) -> None:
    picture = images.encode_pixels(images.build_scene(320, 240), "PNG")
    photo = live.post("photos/", live.alice, files={"file": ("a.png", picture)}).json()
    url = f"{live.root}photos/{photo['id']}/original/"
    with httpx.Client(headers=live.alice) as client:
        head = client.head(url)
        wanted = {"Range": "bytes=70000-", "If-Range": head.headers["ETag"]}
        part = client.get(url, headers=wanted)
        whole = client.get(url)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(picture)))
    assert (part.status_code, part.content) == (206, picture[70000:])
    assert whole.content == picture
