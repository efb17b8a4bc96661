"""Prints the number of database queries of each page and call at the second request, as JSON."""

import json
from collections.abc import Iterator
from datetime import timedelta

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment

django.setup()

from accounts.models import User  # noqa: E402
from accounts.services import token_create  # noqa: E402
from gallery.models import Photo  # noqa: E402
from tests import people, rows  # noqa: E402

PHOTOS = 12
API = "/api/v1"


def main() -> None:
    """Create a small library, and request each page as its owner."""
    setup_test_environment()
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    call_command("migrate", verbosity=0)
    alice = people.create_alice()
    photo = _create_library(alice)
    client = Client()
    client.force_login(alice)
    print(json.dumps({page: _count_queries(client, path) for page, path in _list_pages(photo)}))


def _create_library(alice: User) -> Photo:
    photos = [rows.upload(alice) for _ in range(PHOTOS)]
    rows.create_box_edit(photos[0], alice)
    rows.run_all_edits()
    rows.create_detection(photos[0])
    token_create(user=alice, name="x", scopes=["read"], expires_in=timedelta(days=1))
    photos[0].refresh_from_db()
    return photos[0]


def _list_pages(photo: Photo) -> Iterator[tuple[str, str]]:
    yield "the page of all photos", "/photos/"
    yield "the page of an album", f"/albums/{photo.album_id}/"
    yield "the editor's page", f"/photos/{photo.pk}/"
    yield "tokens' page", "/account/tokens/"
    for name in ("photos", "albums", "uploads", "auth/tokens", "engines", "me"):
        yield f"`{name}/`", f"{API}/{name}/"
    for name in ("", "detections/", "edits/", "masks/", "revisions/"):
        yield f"`photos/ID/{name}`", f"{API}/photos/{photo.pk}/{name}"
    for name in ("thumbnail", "preview", "download"):
        yield f"`revisions/ID/{name}/`", f"{API}/revisions/{photo.current_id}/{name}/"


def _count_queries(client: Client, path: str) -> int:
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path)
        assert response.status_code in {200, 302}, (path, response.status_code)
        response.close()
    return len(queries)


if __name__ == "__main__":
    main()
