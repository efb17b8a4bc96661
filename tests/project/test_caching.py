"""No cache between us and visitors may keep what is theirs."""

import pytest
from django.test import Client

from accounts.models import User

PAGES = ("/", "/photos/", "/tokens/", "/nowhere/", "/admin/", "/api/v1/photos/")


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_for_its_visitor_alone(client: Client, alice: User, path: str) -> None:
    for visit in range(2):
        answer = client.get(path)
        assert "private" in answer.headers["Cache-Control"], (visit, answer.status_code)
        client.force_login(alice)


def test_what_a_view_says_stays(client: Client, db: None) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/readyz").headers["Cache-Control"] == "no-store"


def test_a_missing_static_file_is_nobodys_page(client: Client, alice: User) -> None:
    client.force_login(alice)
    answer = client.get("/static/missing.js")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert alice.email not in answer.content.decode()
    assert not answer.cookies
