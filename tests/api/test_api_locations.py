"""The `Location` header of a response that created something."""

from typing import Any

import pytest

from accounts.models import User
from gallery.models import Photo
from tests.api.caller import ROOT, Caller

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("collection", "body"),
    [
        ("auth/tokens/", {"name": "laptop"}),
        ("albums/", {"name": "Beach"}),
        ("albums/{album}/members/", {"email": "bob@people.example", "role": "viewer"}),
        ("albums/{album}/share-links/", {}),
        ("photos/{photo}/masks/", {"boxes": [{"x": 4, "y": 4, "width": 8, "height": 8}]}),
        ("webhooks/", {"url": "https://shop.example/hook", "events": ["edit.succeeded"]}),
    ],
)
@pytest.mark.usefixtures("bob")
def test_a_created_resource_can_be_deleted_at_its_location(
    owner: Caller, photo: Photo, collection: str, body: dict[str, Any]
) -> None:
    path = collection.format(album=photo.album_id, photo=photo.pk)
    response = owner.post(path, body)
    assert response.status_code == 201, response.body
    parents = {"albums/{album}/share-links/": "share-links/", "photos/{photo}/masks/": "masks/"}
    parent = parents.get(collection, path)
    assert response["Location"] == f"{ROOT}{parent}{response.json()['id']}/"
    assert owner.delete(response["Location"]).status_code == 204


def test_a_replayed_response_has_the_same_location(alice: User, owner: Caller) -> None:
    owner.headers["Idempotency-Key"] = "one-webhook"
    body = {"url": "https://shop.example/hook", "events": ["edit.succeeded"]}
    first, second = owner.post("webhooks/", body), owner.post("webhooks/", body)
    assert second["Idempotency-Replayed"] == "true"
    assert second["Location"] == first["Location"]
    assert alice.webhooks.count() == 1
