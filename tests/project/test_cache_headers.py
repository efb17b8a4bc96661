"""No shared cache may keep the pages of a user."""

import pytest
from django.test import Client

from accounts.models import User

PAGES = ("/", "/photos/", "/tokens/", "/nowhere/", "/admin/", "/api/v1/photos/")


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_private(client: Client, alice: User, path: str) -> None:
    for visit in range(2):
        response = client.get(path)
        assert "private" in response.headers["Cache-Control"], (visit, response.status_code)
        client.force_login(alice)


def test_the_header_of_a_view_is_kept(client: Client, db: None) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/readyz").headers["Cache-Control"] == "no-store"


def test_the_404_of_a_static_file_has_nothing_of_the_user(client: Client, alice: User) -> None:
    client.force_login(alice)
    response = client.get("/static/missing.js")

    assert (response.status_code, response.headers["Cache-Control"]) == (404, "no-store")
    assert response.headers["Content-Type"].startswith("text/plain")
    assert alice.email not in response.content.decode()
    assert not response.cookies
