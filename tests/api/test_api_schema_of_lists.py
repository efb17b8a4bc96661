"""schema/: the query parameters and preconditions of lists and single objects."""

from functools import cache
from typing import Any

import pytest

from api import urls
from tests.api.caller import Caller

pytestmark = pytest.mark.django_db
PAGE = {"next", "previous", "results"}


@cache
def get_paths() -> dict[str, Any]:
    paths: dict[str, Any] = Caller().get("schema/").json()["paths"]
    return paths


def get_parameters(path: str, method: str = "get", place: str = "query") -> dict[str, Any]:
    parameters = get_paths()[f"/api/v1/{path}"][method].get("parameters", ())
    return {each["name"]: each for each in parameters if each["in"] == place}


def test_a_list_describes_all_its_parameters() -> None:
    views: dict[Any, Any] = {pattern.name: pattern.callback for pattern in urls.urlpatterns}
    for path, name in {
        "photos/": "api-photos",
        "edits/": "api-all-edits",
        "albums/": "api-albums",
        "examples/": "api-examples",
        "photos/{photo_id}/detections/": "api-detections",
    }.items():
        view = views[name].view_class()
        assert set(get_parameters(path)) == set(view.list_parameters()), path


def test_parameters_have_types_limits_and_descriptions() -> None:
    photos, edits = get_parameters("photos/"), get_parameters("edits/")
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
    assert all(parameter["description"] for parameter in (*photos.values(), *edits.values()))


def test_the_fields_parameter_is_a_comma_separated_list_of_row_fields() -> None:
    for path in ("photos/", "photos/{photo_id}/"):
        fields = get_parameters(path)["fields"]
        assert {"id", "title", "current"} <= set(fields["schema"]["items"]["enum"])
        assert fields["explode"] is False
    assert set(get_parameters("photos/{photo_id}/")) == {"fields"}


@pytest.mark.parametrize("path", ["photos/", "photos/{photo_id}/", "me/", "edits/{edit_id}/"])
def test_reads_have_entity_tags(path: str) -> None:
    assert "If-None-Match" in get_parameters(path, place="header")
    responses = get_paths()[f"/api/v1/{path}"]["get"]["responses"]
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
def test_changes_accept_if_match(path: str, method: str) -> None:
    assert "If-Match" in get_parameters(path, method, "header")


def test_other_changes_do_not_accept_if_match() -> None:
    assert "If-Match" not in get_parameters("photos/", "post", "header")
    assert "If-Match" not in get_parameters("edits/{edit_id}/", "delete", "header")


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
