"""Parts of files by Range, If-Range and HEAD, wherever the server sends a file."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from gallery.models import Photo
from gallery.services import share_link_create, share_link_revoke
from inpainting.models import Edit
from tests.api.caller import Caller, check_problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_in_folder")]
PATHS: dict[str, Callable[[Photo], str]] = {
    "original": lambda photo: f"photos/{photo.pk}/original/",
    "first revision": lambda photo: f"revisions/{photo.revisions.get(number=0).pk}/download/",
    "download": lambda photo: f"revisions/{photo.current_id}/download/",
    "rendered": lambda photo: f"revisions/{photo.current_id}/download/?format=jpeg&size=48",
    "thumbnail": lambda photo: f"revisions/{photo.current_id}/thumbnail/",
    "mask": lambda photo: f"masks/{Edit.objects.get(photo=photo).mask_id}/file/",
}
all_paths = pytest.mark.parametrize("build_path", PATHS.values(), ids=PATHS)


def get(caller: Caller, path: str, method: str = "get", **headers: str) -> Any:
    """Send a request with these headers; return the response with its whole `body`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    url = path if path.startswith("/") else f"/api/v1/{path}"
    response: Any = getattr(caller.client, method)(url, headers=caller.headers | named)
    response.body = response.getvalue()
    return response


@all_paths
@pytest.mark.parametrize(
    ("wanted", "part"),
    [("bytes=0-9", slice(0, 10)), ("bytes=10-", slice(10, None)), ("bytes=-7", slice(-7, None))],
)
def test_a_range_gets_this_part_of_the_file(
    owner: Caller,
    edited_photo: Photo,
    build_path: Callable[[Photo], str],
    wanted: str,
    part: slice,
) -> None:
    path = build_path(edited_photo)
    whole = get(owner, path)
    response = get(owner, path, Range=wanted, If_Range=whole["ETag"])
    first, last, _ = part.indices(len(whole.body))
    assert response.status_code == 206
    assert response.body == whole.body[part]
    assert response["Content-Range"] == f"bytes {first}-{last - 1}/{len(whole.body)}"
    assert response["Content-Length"] == str(len(response.body))
    for name in ("ETag", "Content-Type", "Content-Disposition", "Content-Security-Policy"):
        assert response[name] == whole[name]


@all_paths
def test_a_file_says_that_it_has_ranges_and_a_strong_tag(
    owner: Caller, edited_photo: Photo, build_path: Callable[[Photo], str]
) -> None:
    path = build_path(edited_photo)
    whole = get(owner, path)
    assert (whole.status_code, whole["Accept-Ranges"]) == (200, "bytes")
    assert whole["ETag"].startswith('"')
    assert get(owner, path, If_None_Match=f'"x", W/{whole["ETag"]}').status_code == 304
    assert get(owner, path, If_None_Match='"x"').body == whole.body
    assert get(owner, path, If_Match=whole["ETag"]).body == whole.body
    check_problem(get(owner, path, If_Match='"x"'), 412, "precondition_failed")


@all_paths
def test_an_outdated_if_range_gets_the_whole_file(
    owner: Caller, edited_photo: Photo, build_path: Callable[[Photo], str]
) -> None:
    path = build_path(edited_photo)
    response = get(owner, path, Range="bytes=0-9", If_Range='"old"')
    assert (response.status_code, response.body) == (200, get(owner, path).body)


@all_paths
def test_a_range_after_the_end_is_refused(
    owner: Caller, edited_photo: Photo, build_path: Callable[[Photo], str]
) -> None:
    path = build_path(edited_photo)
    size = len(get(owner, path).body)
    response = get(owner, path, Range=f"bytes={size}-")
    body = check_problem(response, 416, "range_not_satisfiable")
    assert response["Content-Range"] == f"bytes */{size}"
    assert body["errors"][0]["header"] == "Range"


@all_paths
def test_head_describes_the_whole_file(
    owner: Caller, edited_photo: Photo, build_path: Callable[[Photo], str]
) -> None:
    path = build_path(edited_photo)
    whole = get(owner, path)
    response = get(owner, path, "head", Range="bytes=0-9")
    assert (response.status_code, response.body) == (200, b"")
    for name in ("ETag", "Content-Type", "Content-Length", "Accept-Ranges"):
        assert response[name] == whole[name]


def test_an_original_can_be_fetched_in_two_parts(owner: Caller, edited_photo: Photo) -> None:
    path = PATHS["original"](edited_photo)
    first = get(owner, path, Range="bytes=0-99")
    rest = get(owner, path, Range="bytes=100-", If_Range=first["ETag"])
    joined = hashlib.sha256(first.body + rest.body).hexdigest()
    assert joined == edited_photo.original_sha256 == first["ETag"].strip('"')


@all_paths
def test_a_range_gives_no_right(
    stranger: Caller, owner: Caller, edited_photo: Photo, build_path: Callable[[Photo], str]
) -> None:
    path = build_path(edited_photo)
    tag = get(owner, path)["ETag"]
    for headers in ({"Range": "bytes=0-9"}, {"If_None_Match": tag}):
        check_problem(get(stranger, path, **headers), 404, "not_found")
        assert get(Caller(), path, **headers).status_code == 401


@pytest.mark.parametrize("name", ["thumbnail", "preview", "download"])
def test_files_of_share_links_have_ranges(edited_photo: Photo, alice: User, name: str) -> None:
    link = share_link_create(user=alice, album=edited_photo.album)
    path, visitor = f"/shared/{link.token}/{edited_photo.pk}/{name}/", Caller(Client())
    whole = get(visitor, path)
    part = get(visitor, path, Range="bytes=3-8", If_Range=whole["ETag"])
    assert (part.status_code, part.body) == (206, whole.body[3:9])
    assert part["Cache-Control"] == "private, no-cache"
    refusal = get(visitor, path, Range="bytes=99999999-")
    assert (refusal.status_code, refusal["Content-Type"]) == (416, "text/plain; charset=utf-8")
    assert refusal["Content-Range"] == f"bytes */{len(whole.body)}"
    assert refusal["Referrer-Policy"] == "no-referrer"
    assert get(visitor, path, "head")["Content-Length"] == str(len(whole.body))
    share_link_revoke(user=alice, link=link)
    assert get(visitor, path, Range="bytes=0-1").status_code == 404
