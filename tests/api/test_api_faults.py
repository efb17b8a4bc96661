"""Faults of a problem point to the input and report the expected and the received value."""

from typing import Any

import pytest

from accounts.models import User
from api.problems.faults import render_fault
from gallery.models import Photo
from tests import images, rows
from tests.api.caller import Caller, check_problem, list_pointers
from vision.detectors.base import Box
from web.errors import Fault

BOX = {"x": 4, "y": 4, "width": 8, "height": 8}
pytestmark = pytest.mark.django_db


def get_fault(response: Any, status: int, code: str) -> dict[str, Any]:
    (fault,) = check_problem(response, status, code)["errors"]
    return {name: value for name, value in fault.items() if name != "detail"}


@pytest.mark.parametrize(
    ("fault", "key", "where"),
    [
        (Fault("x"), "pointer", "#"),
        (Fault("x", ("boxes", 1, "x")), "pointer", "#/boxes/1/x"),
        (Fault("x", ("a/b~c",)), "pointer", "#/a~1b~0c"),
        (Fault("x", ("format",), "query"), "parameter", "format"),
        (Fault("x", ("If-Match",), "header"), "header", "If-Match"),
    ],
)
def test_a_fault_points_to_its_input(fault: Fault, key: str, where: str) -> None:
    assert render_fault(fault) == {key: where, "detail": "x"}


def test_zero_and_empty_values_are_included() -> None:
    entry = render_fault(Fault("x", expected=[], received=0))
    assert (entry["expected"], entry["received"]) == ([], 0)


@pytest.mark.parametrize(("address", "field"), [("masks", "file"), ("edits", "mask_file")])
def test_a_mask_of_the_wrong_size_reports_both_sizes(
    owner: Caller, photo: Photo, address: str, field: str
) -> None:
    png = images.build_png(80, 60)
    response = owner.post_form(f"photos/{photo.pk}/{address}/", **{field: png})
    assert get_fault(response, 422, "mask_wrong_size") == {
        "pointer": f"#/{field}",
        "expected": {"width": rows.WIDTH, "height": rows.HEIGHT},
        "received": {"width": 80, "height": 60},
    }


def test_an_empty_mask_is_pointed_to(owner: Caller, photo: Photo) -> None:
    png = rows.build_mask_png(hole=Box(x=0, y=0, width=0, height=0))
    response = owner.post_form(f"photos/{photo.pk}/masks/", file=png)
    assert get_fault(response, 422, "mask_empty") == {"pointer": "#/file"}


def test_a_file_that_is_no_picture_is_pointed_to(owner: Caller) -> None:
    response = owner.post_form("photos/", file=b"no picture")
    assert get_fault(response, 415, "unsupported_type") == {"pointer": "#/file"}


def test_a_body_over_the_limit_reports_the_limit_and_its_size(owner: Caller) -> None:
    fault = get_fault(owner.post("albums/", {"name": "x" * 3_000_000}), 413, "too_large")
    assert fault["expected"] == {"max_bytes": 2 * 2**20}
    assert fault["received"]["bytes"] > 3_000_000


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (
            {"boxes": [BOX, BOX | {"x": "left"}]},
            {
                "pointer": "#/boxes/1/x",
                "expected": {"type": "integer", "minimum": 0, "maximum": 100_000},
                "received": "left",
            },
        ),
        (
            {"boxes": [BOX | {"width": 0}]},
            {
                "pointer": "#/boxes/0/width",
                "expected": {"type": "integer", "minimum": 1, "maximum": 100_000},
                "received": 0,
            },
        ),
        (
            {"boxes": [BOX] * 501},
            {
                "pointer": "#/boxes",
                "expected": {"type": "array", "max_length": 500},
                "received": {"length": 501},
            },
        ),
        (
            {"base_edit": "x" * 200, "boxes": [BOX]},
            {"pointer": "#/base_edit", "expected": {"type": "uuid"}, "received": "x" * 100},
        ),
    ],
)
def test_a_field_fault_reports_the_expected_type_and_limits(
    owner: Caller, photo: Photo, body: dict[str, Any], fault: dict[str, Any]
) -> None:
    response = owner.post(f"photos/{photo.pk}/edits/", body)
    assert get_fault(response, 422, "invalid") == fault


def test_an_infinite_number_is_reported_as_text(owner: Caller, photo: Photo) -> None:
    body = '{"boxes": [{"x": 1e999, "y": 0, "width": 1, "height": 1}]}'
    path = f"/api/v1/photos/{photo.pk}/edits/"
    response = owner.client.post(path, body, content_type="application/json")
    assert get_fault(response, 422, "invalid")["received"] == "inf"


def test_a_setting_and_a_box_out_of_range_report_what_is_accepted(
    owner: Caller, photo: Photo
) -> None:
    path = f"photos/{photo.pk}/edits/"
    grown = get_fault(owner.post(path, {"boxes": [BOX], "grow": 201}), 422, "setting_out_of_range")
    assert (grown["pointer"], grown["received"]) == ("#/grow", 201)
    outside = owner.post(path, {"boxes": [BOX, BOX | {"x": 5000}]})
    fault = get_fault(outside, 422, "box_outside")
    assert (fault["pointer"], fault["expected"]["width"]) == ("#/boxes/1", rows.WIDTH)


def test_several_faults_are_reported_in_one_response(owner: Caller) -> None:
    response = owner.post("auth/tokens/", {"scopes": ["all"], "expires_in_days": 0})
    body = check_problem(response, 422, "invalid")
    assert list_pointers(body) == ["#/name", "#/scopes/0", "#/expires_in_days"]
    assert "photos:read" in body["errors"][1]["expected"]


def test_free_text_is_never_repeated_in_a_fault(alice: User) -> None:
    secret = "secret" * 200
    body = {"email": alice.email, "password": secret, "name": secret}
    response = Caller().post("auth/tokens/", body)
    assert list_pointers(check_problem(response, 422, "invalid")) == ["#/password", "#/name"]
    assert "secret" not in response.content.decode()
