"""Bodies of requests that are compressed, have a byte order mark, or have no end."""

import gzip
import io
import json
from typing import Any

import pytest
from django.conf import settings

from gallery.models import Album, Photo
from tests.api.caller import Caller, check_problem

JSON = "application/json"
ALBUM = {"name": "Été"}
TEXT = json.dumps(ALBUM, ensure_ascii=False).encode()


def send(caller: Caller, path: str, body: bytes, content_type: str, **environ: Any) -> Any:
    return caller.client.generic(
        "POST", f"/api/v1/{path}", body, content_type=content_type, **environ
    )


@pytest.mark.django_db
@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "br", "deflate", "identity, gzip", "???"])
@pytest.mark.parametrize(
    ("path", "content_type"), [("albums/", JSON), ("photos/", "multipart/form-data; boundary=b")]
)
def test_a_compressed_body_is_refused(
    owner: Caller, path: str, content_type: str, coding: str
) -> None:
    body = gzip.compress(TEXT)
    response = send(owner, path, body, content_type, HTTP_CONTENT_ENCODING=coding)
    problem = check_problem(response, 415, "unsupported_encoding")
    assert problem["errors"][0]["header"] == "Content-Encoding"
    assert response["Accept-Encoding"] == "identity"
    assert not Album.objects.filter(name=ALBUM["name"]).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("coding", ["identity", "", "Identity"])
def test_a_body_that_names_no_compression_is_taken(owner: Caller, coding: str) -> None:
    assert send(owner, "albums/", TEXT, JSON, HTTP_CONTENT_ENCODING=coding).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["", "; charset=utf-8", "; charset=UTF8"])
def test_a_byte_order_mark_before_json_is_ignored(owner: Caller, charset: str) -> None:
    response = send(owner, "albums/", b"\xef\xbb\xbf" + TEXT, JSON + charset)
    assert (response.status_code, response.json()["name"]) == (201, "Été")


@pytest.mark.django_db
def test_a_byte_order_mark_elsewhere_is_refused(owner: Caller) -> None:
    for body in (b"\xef\xbb\xbf" * 2 + TEXT, TEXT + b"\xef\xbb\xbf"):
        check_problem(send(owner, "albums/", body, JSON), 400, "parse_error")


@pytest.mark.django_db
def test_a_byte_order_mark_before_json_in_a_form_is_ignored(owner: Caller, photo: Photo) -> None:
    boxes = '\ufeff[{"x": 4, "y": 4, "width": 8, "height": 8}]'
    assert owner.post_form(f"photos/{photo.pk}/masks/", boxes=boxes).status_code == 201


@pytest.mark.django_db
def test_chunks_over_the_limit_are_refused_without_reading_all(owner: Caller) -> None:
    endless = EndlessStream()
    environ = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    response = send(owner, "albums/", b"", JSON, **environ, **{"wsgi.input": endless})
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    problem = check_problem(response, 413, "too_large")
    assert problem["errors"][0]["expected"] == {"max_bytes": limit}
    assert limit < endless.count < limit + 2**20


class EndlessStream(io.RawIOBase):
    """A body without an end; `count` is the number of bytes that were read."""

    count = 0

    def read(self, size: int = -1, /) -> bytes:
        self.count += size
        return b" " * size
