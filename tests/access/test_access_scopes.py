"""Tokens at every address of the API: each scope opens what it names, and nothing else."""

from collections.abc import Collection, Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern

from accounts.scopes import SCOPES, Verb
from accounts.services import token_create
from api.urls import urlpatterns
from api.views.base import ApiView
from tests.access.scene import Scene, build
from tests.access.test_access_matrix import Cell, call, cells, prepare
from tests.api.caller import problem
from tests.redirects import follow_redirect

NARROW = [name for name in SCOPES if name not in Verb]
pytestmark = pytest.mark.django_db


def view_of(pattern: URLPattern) -> type[ApiView]:
    view: type[ApiView] = getattr(pattern.callback, "view_class")  # noqa: B009 -- untyped
    return view


VIEWS = {str(pattern.name): view_of(pattern) for pattern in urlpatterns}


def needed(cell: Cell) -> Sequence[str]:
    return VIEWS[cell.name]().get_required_scopes(cell.verb)


def owners_calls(*, is_scoped: bool) -> list[Cell]:
    own = [cell for cell in cells() if cell.name in VIEWS and cell.who == "owner"]
    return [cell for cell in own if bool(needed(cell)) == is_scoped]


def answer_with(scopes: Collection[str], cell: Cell, scene: Scene) -> Any:
    prepare(cell, scene)
    _, text = token_create(
        user=scene.users["owner"], name="scoped", scopes=list(scopes), expires_in=None
    )
    return follow_redirect(call(Client(headers={"Authorization": f"Bearer {text}"}), cell, scene))


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_names_its_resource_or_why_it_has_none(name: str) -> None:
    view = VIEWS[name]
    assert issubclass(view, ApiView)
    assert (view.resource is None) == bool(view.no_scope_because)


@pytest.mark.parametrize("cell", owners_calls(is_scoped=True), ids=str)
def test_the_scopes_of_an_operation_are_enough(cell: Cell) -> None:
    answer = answer_with(needed(cell), cell, build())
    assert answer.status_code == cell.status, answer.getvalue()
    answer.close()


@pytest.mark.parametrize("cell", owners_calls(is_scoped=True), ids=str)
def test_all_other_scopes_are_not_enough(cell: Cell) -> None:
    scene = build()
    for lacking in needed(cell):
        answer = answer_with([name for name in NARROW if name != lacking], cell, scene)
        assert problem(answer, 403, "scope_missing")["missing_scopes"] == [lacking]


@pytest.mark.parametrize("cell", owners_calls(is_scoped=False), ids=str)
def test_where_no_scope_is_needed_any_token_will_do(cell: Cell) -> None:
    answer = answer_with(["webhooks:read"], cell, build())
    # Making tokens is for people: no token makes another one.
    expected = 403 if (cell.name, cell.verb) == ("api-tokens", "POST") else cell.status
    assert answer.status_code == expected
    answer.close()


def test_every_narrow_scope_opens_something() -> None:
    opened = {name for cell in owners_calls(is_scoped=True) for name in needed(cell)}
    assert opened == set(NARROW)


def test_the_schema_names_the_scopes_of_each_operation() -> None:
    paths = Client().get("/api/v1/schema/").json()["paths"]
    photo, tokens = paths["/api/v1/photos/{photo_id}/"], paths["/api/v1/auth/tokens/"]
    assert {"token": ["photos:write"]} in photo["delete"]["security"]
    assert {"token": []} in tokens["post"]["security"]
    undo = paths["/api/v1/photos/{photo_id}/undo/"]["post"]["security"]
    assert {"token": ["revisions:write", "photos:read"]} in undo
