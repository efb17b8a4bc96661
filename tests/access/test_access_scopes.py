"""Tokens at every address of the API: each scope allows what it names and nothing else."""

from collections.abc import Collection, Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern

from accounts.scopes import SCOPES, Verb
from accounts.services import token_create
from api.urls import urlpatterns
from api.views.base import ApiView
from tests.access.sample_data import SampleData, build_sample_data
from tests.access.test_access_matrix import Cell, prepare, read_cells, send_request
from tests.api.caller import check_problem
from tests.redirects import follow_redirect

NARROW = [name for name in SCOPES if name not in Verb]
pytestmark = pytest.mark.django_db


def get_view(pattern: URLPattern) -> type[ApiView]:
    view: type[ApiView] = getattr(pattern.callback, "view_class")  # noqa: B009 -- untyped
    return view


VIEWS = {str(pattern.name): get_view(pattern) for pattern in urlpatterns}


def get_required_scopes(cell: Cell) -> Sequence[str]:
    return VIEWS[cell.name]().get_required_scopes(cell.verb)


def list_owner_cells(*, is_scoped: bool) -> list[Cell]:
    own = [cell for cell in read_cells() if cell.name in VIEWS and cell.who == "owner"]
    return [cell for cell in own if bool(get_required_scopes(cell)) == is_scoped]


def send_with_scopes(scopes: Collection[str], cell: Cell, sample: SampleData) -> Any:
    prepare(cell, sample)
    _, text = token_create(
        user=sample.users["owner"], name="scoped", scopes=list(scopes), expires_in=None
    )
    return follow_redirect(
        send_request(Client(headers={"Authorization": f"Bearer {text}"}), cell, sample)
    )


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_names_its_resource_or_why_it_has_none(name: str) -> None:
    view = VIEWS[name]
    assert issubclass(view, ApiView)
    assert (view.resource is None) == bool(view.no_scope_because)


@pytest.mark.parametrize("cell", list_owner_cells(is_scoped=True), ids=str)
def test_the_required_scopes_of_an_operation_are_enough(cell: Cell) -> None:
    response = send_with_scopes(get_required_scopes(cell), cell, build_sample_data())
    assert response.status_code == cell.status, response.getvalue()
    response.close()


@pytest.mark.parametrize("cell", list_owner_cells(is_scoped=True), ids=str)
def test_without_one_required_scope_all_others_are_not_enough(cell: Cell) -> None:
    sample = build_sample_data()
    for lacking in get_required_scopes(cell):
        response = send_with_scopes([name for name in NARROW if name != lacking], cell, sample)
        assert check_problem(response, 403, "scope_missing")["missing_scopes"] == [lacking]


@pytest.mark.parametrize("cell", list_owner_cells(is_scoped=False), ids=str)
def test_any_token_is_accepted_where_no_scope_is_required(cell: Cell) -> None:
    response = send_with_scopes(["webhooks:read"], cell, build_sample_data())
    # A token may not create another one.
    expected = 403 if (cell.name, cell.verb) == ("api-tokens", "POST") else cell.status
    assert response.status_code == expected
    response.close()


def test_every_narrow_scope_is_required_somewhere() -> None:
    required = {
        name for cell in list_owner_cells(is_scoped=True) for name in get_required_scopes(cell)
    }
    assert required == set(NARROW)


def test_the_schema_names_the_scopes_of_each_operation() -> None:
    paths = Client().get("/api/v1/schema/").json()["paths"]
    photo, tokens = paths["/api/v1/photos/{photo_id}/"], paths["/api/v1/auth/tokens/"]
    assert {"token": ["photos:write"]} in photo["delete"]["security"]
    assert {"token": []} in tokens["post"]["security"]
    undo = paths["/api/v1/photos/{photo_id}/undo/"]["post"]["security"]
    assert {"token": ["revisions:write", "photos:read"]} in undo
