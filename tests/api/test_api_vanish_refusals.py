"""vanish/: requests that are refused or cancelled, after which nothing is stored."""

from typing import Any

import pytest

from accounts.models import User
from accounts.services import token_create
from inpainting.models import Edit
from tests import images, rows
from tests.api.caller import Caller, check_problem, list_pointers, use_token
from tests.api.vanish_calls import BOXES, CommitBlock, is_nothing_stored

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("form", "code", "pointer"),
    [
        ({"boxes": BOXES}, "invalid", "#/image"),
        ({"image": b"no picture", "boxes": BOXES}, "unsupported_type", "#/image"),
        ({"image": images.build_png(96, 64)}, "nothing_chosen", "#"),
        (
            {"image": images.build_png(96, 64), "boxes": BOXES, "format": "bmp"},
            "invalid",
            "#/format",
        ),
        (
            {"image": images.build_png(96, 64), "boxes": BOXES, "grow": -1},
            "setting_out_of_range",
            None,
        ),
        (
            {"image": images.build_png(96, 64), "mask": rows.build_mask_png(width=9)},
            "mask_wrong_size",
            "#/mask",
        ),
        ({"mask": rows.build_mask_png(), "image": b"x"}, "unsupported_type", "#/image"),
        (
            {"image": images.build_png(96, 64), "boxes": BOXES, "inpaiter": "x"},
            "invalid",
            "#/inpaiter",
        ),
        ({"image": images.build_png(9, 9), "boxes": BOXES}, "box_outside", None),
    ],
)
def test_invalid_requests_are_refused_and_not_stored(
    run_on_commit: CommitBlock, owner: Caller, form: dict[str, Any], code: str, pointer: str | None
) -> None:
    status = 415 if code == "unsupported_type" else 422
    with run_on_commit():
        body = check_problem(owner.post_form("vanish/", **form), status, code)
    assert pointer is None or list_pointers(body) == [pointer]
    assert is_nothing_stored()


def test_a_refused_box_mask_points_to_no_file(run_on_commit: CommitBlock, owner: Caller) -> None:
    everything = '[{"x": 0, "y": 0, "width": 96, "height": 64}]'
    with run_on_commit():
        response = owner.post_form("vanish/", image=images.build_png(96, 64), boxes=everything)
    assert "errors" not in check_problem(response, 422, "mask_covers_everything")


def test_a_json_body_is_refused(owner: Caller) -> None:
    body = check_problem(owner.post("vanish/", {"boxes": []}), 415, "unsupported_media_type")
    (fault,) = body["errors"]
    assert (fault["header"], fault["expected"]) == ("Content-Type", ["multipart/form-data"])
    assert "This address takes multipart/form-data." in body["detail"]


def test_all_missing_scopes_are_reported_together(alice: User) -> None:
    _, text = token_create(user=alice, name="x", scopes=["edits:write"], expires_in=None)
    response = use_token(text).post_form("vanish/", image=images.build_png(96, 64), boxes=BOXES)
    body = check_problem(response, 403, "scope_missing")
    assert body["missing_scopes"] == ["photos:write", "detections:write"]


def test_an_edit_cancelled_during_the_wait_gets_409(
    run_on_commit: CommitBlock, owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "api.http.waiting._sleep", lambda *_: Edit.objects.update(state="cancelled")
    )
    with run_on_commit():
        response = owner.post_form("vanish/", image=images.build_png(96, 64), boxes=BOXES)
    check_problem(response, 409, "vanish_cancelled")
    assert is_nothing_stored()
