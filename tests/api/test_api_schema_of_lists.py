"""schema/: what lists and single things may be asked, and under which conditions."""

from functools import cache
from typing import Any

import pytest

from api import urls
from tests.api.caller import Caller

pytestmark = pytest.mark.django_db
PAGE = {"next", "previous", "results"}


@cache
def paths() -> dict[str, Any]:
    described: dict[str, Any] = Caller().get("schema/").json()["paths"]
    return described


def parameters(path: str, method: str = "get", place: str = "query") -> dict[str, Any]:
    asked = paths()[f"/api/v1/{path}"][method].get("parameters", ())
    return {each["name"]: each for each in asked if each["in"] == place}


def test_a_list_tells_all_that_it_knows() -> None:
    views: dict[Any, Any] = {pattern.name: pattern.callback for pattern in urls.urlpatterns}
    for path, name in {
        "photos/": "api-photos",
        "edits/": "api-all-edits",
        "albums/": "api-albums",
        "examples/": "api-examples",
        "photos/{photo_id}/detections/": "api-detections",
    }.items():
        view = views[name].view_class()
        assert set(parameters(path)) == set(view.list_parameters()), path


def test_how_parameters_look() -> None:
    photos, edits = parameters("photos/"), parameters("edits/")
    assert photos["limit"]["schema"] == {
        "type": "integer", "minimum": 1, "maximum": 200, "default": 50,
    }  # fmt: skip
    assert photos["ordering"]["schema"]["enum"] == ["created_at", "-created_at", "title", "-title"]
    assert photos["created_after"]["schema"] == {"type": "string", "format": "date-time"}
    assert photos["album"]["schema"] == {"type": "string", "format": "uuid"}
    assert photos["has_unfinished_edits"]["schema"] == {"type": "boolean"}
    assert photos["title"]["schema"] == {"type": "string", "maxLength": 200}
    assert "PNG" in photos["format"]["schema"]["enum"]
    assert edits["state"]["schema"]["items"]["enum"][0] == "queued"
    assert edits["state"]["explode"] is True
    assert all(asked["description"] for asked in (*photos.values(), *edits.values()))


def test_fields_are_those_of_a_row_and_stand_with_commas_between() -> None:
    for path in ("photos/", "photos/{photo_id}/"):
        fields = parameters(path)["fields"]
        assert {"id", "title", "current"} <= set(fields["schema"]["items"]["enum"])
        assert fields["explode"] is False
    assert set(parameters("photos/{photo_id}/")) == {"fields"}


@pytest.mark.parametrize("path", ["photos/", "photos/{photo_id}/", "me/", "edits/{edit_id}/"])
def test_looks_are_tagged(path: str) -> None:
    assert "If-None-Match" in parameters(path, place="header")
    responses = paths()[f"/api/v1/{path}"]["get"]["responses"]
    assert "ETag" in responses["200"]["headers"]
    assert set(responses) == {"200", "304", "default"}


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("photos/{photo_id}/", "patch"),
        ("photos/{photo_id}/", "delete"),
        ("photos/{photo_id}/undo/", "post"),
        ("photos/{photo_id}/redo/", "post"),
        ("revisions/{revision_id}/restore/", "post"),
        ("albums/{album_id}/", "patch"),
        ("albums/{album_id}/", "delete"),
        ("albums/{album_id}/members/{member_id}/", "patch"),
        ("albums/{album_id}/members/{member_id}/", "delete"),
    ],
)
def test_changes_take_conditions(path: str, method: str) -> None:
    assert "If-Match" in parameters(path, method, "header")


def test_other_changes_take_none() -> None:
    assert "If-Match" not in parameters("photos/", "post", "header")
    assert "If-Match" not in parameters("edits/{edit_id}/", "delete", "header")


def test_every_page_has_the_same_shape() -> None:
    schema = Caller().get("schema/").json()
    pages = {
        name: each
        for name, each in schema["components"]["schemas"].items()
        if name.endswith("Page")
    }
    assert len(pages) > 8
    for name, page in pages.items():
        assert set(page["properties"]) == PAGE, name
