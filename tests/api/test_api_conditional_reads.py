"""ETag and If-None-Match: what the caller already has is not sent again (RFC 9110, 13)."""

from dataclasses import replace
from typing import Any

import pytest

from accounts.models import User
from gallery.models import Album, Photo, Role
from tests import rows
from tests.api.caller import Caller, check_problem

pytestmark = pytest.mark.django_db
OTHER = f'"{"0" * 32}"'


def get_with_headers(caller: Caller, path: str, **headers: str) -> Any:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return replace(caller, headers=caller.headers | names).get(path)


@pytest.mark.parametrize(
    "path",
    [
        "photos/", "photos/?fields=id", "photos/{photo}/", "albums/", "albums/{album}/",
        "albums/{album}/members/", "albums/{album}/members/{member}/",
        "albums/{album}/share-links/", "photos/{photo}/edits/", "edits/", "edits/{edit}/",
        "photos/{photo}/masks/", "masks/{mask}/", "photos/{photo}/revisions/",
        "revisions/{revision}/", "photos/{photo}/detections/", "uploads/", "auth/tokens/",
        "examples/", "engines/", "me/", "schema/",
    ],
)  # fmt: skip
def test_every_readable_resource_has_an_entity_tag(
    owner: Caller, photo: Photo, alice: User, path: str
) -> None:
    edit = rows.create_box_edit(photo, alice)
    names = {
        "photo": photo.pk, "album": photo.album_id, "edit": edit.pk, "mask": edit.mask_id,
        "revision": photo.current_id, "member": photo.album.memberships.get().pk,
    }  # fmt: skip
    path = path.format(**names)
    first = owner.get(path)
    assert first.status_code == 200
    tag = first["ETag"]
    assert owner.get(path)["ETag"] == tag
    assert first["Cache-Control"] == "private, no-cache"
    second = get_with_headers(owner, path, If_None_Match=tag)
    assert (second.status_code, second.body, second["ETag"]) == (304, b"", tag)
    assert second["Cache-Control"] == "private, no-cache"
    assert "Content-Type" not in second


def test_the_tag_changes_with_the_content(owner: Caller, photo: Photo, alice: User) -> None:
    path = f"photos/{photo.pk}/"
    tags = [owner.get(path)["ETag"]]
    owner.patch(path, {"title": "Sea"})
    tags.append(owner.get(path)["ETag"])
    rows.create_box_edit(photo, alice)
    tags.append(owner.get(path)["ETag"])
    tags.append(owner.get(f"{path}?fields=title")["ETag"])
    assert len(set(tags)) == 4
    assert get_with_headers(owner, path, If_None_Match=tags[0]).status_code == 200


def test_the_tag_depends_on_the_caller(owner: Caller, viewer: Caller, photo: Photo) -> None:
    path = f"photos/{photo.pk}/"
    tag = owner.get(path)["ETag"]
    assert get_with_headers(viewer, path, If_None_Match=tag).status_code == 200


def test_the_tag_of_a_list_changes_with_its_rows(owner: Caller, photo: Photo, alice: User) -> None:
    tag = owner.get("photos/")["ETag"]
    rows.upload(alice)
    assert get_with_headers(owner, "photos/", If_None_Match=tag).status_code == 200


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        (f"{OTHER}, {{tag}}", 304),
        (f"{OTHER} ,W/{{tag}}", 304),
        ("*", 304),
        (OTHER, 200),
        (f"W/{OTHER}", 200),
        ("nonsense", 200),
        ("", 200),
        ('"', 200),
    ],
)
def test_if_none_match_of_a_read_compares_weakly(
    owner: Caller, photo: Photo, header: str, status: int
) -> None:
    path = f"photos/{photo.pk}/"
    tag = owner.get(path)["ETag"]
    response = get_with_headers(owner, path, If_None_Match=header.format(tag=tag))
    assert response.status_code == status


@pytest.mark.parametrize(
    ("header", "status"), [("{tag}", 200), ("*", 200), ("W/{tag}", 412), (OTHER, 412)]
)
def test_if_match_of_a_read_compares_strongly(
    owner: Caller, photo: Photo, header: str, status: int
) -> None:
    path = f"photos/{photo.pk}/"
    tag = owner.get(path)["ETag"]
    response = get_with_headers(owner, path, If_Match=header.format(tag=tag), If_None_Match=OTHER)
    assert response.status_code == status


def test_if_match_is_checked_before_if_none_match(owner: Caller, photo: Photo) -> None:
    path = f"photos/{photo.pk}/"
    tag = owner.get(path)["ETag"]
    check_problem(
        get_with_headers(owner, path, If_Match=OTHER, If_None_Match=tag), 412, "precondition_failed"
    )
    assert get_with_headers(owner, path, If_Match=tag, If_None_Match=tag).status_code == 304


def test_head_has_the_same_tag_as_get(owner: Caller, photo: Photo) -> None:
    path = f"/api/v1/photos/{photo.pk}/"
    tag = owner.get(path)["ETag"]
    assert owner.client.head(path)["ETag"] == tag
    assert owner.client.head(path, headers={"If-None-Match": tag}).status_code == 304


def test_problems_have_no_tag_and_are_not_cached(stranger: Caller, photo: Photo) -> None:
    for response in (
        get_with_headers(stranger, f"photos/{photo.pk}/", If_None_Match="*"),
        get_with_headers(Caller(), "photos/", If_None_Match="*"),
        get_with_headers(stranger, "photos/?limit=0", If_None_Match="*"),
    ):
        assert response.status_code in {400, 401, 404}
        assert response["Cache-Control"] == "private, no-store"
        assert "ETag" not in response


def test_the_response_to_a_creation_is_not_cached(owner: Caller) -> None:
    response = owner.post("albums/", {"name": "x"})
    assert response["Cache-Control"] == "private, no-store"
    assert Album.objects.get().memberships.get().role == Role.OWNER
