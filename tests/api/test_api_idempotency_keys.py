"""What an Idempotency-Key is about: one request of one user, signed in by the same means."""

from dataclasses import replace

import pytest

from accounts.models import User
from accounts.services import token_create
from gallery.models import Photo
from tests.api.caller import Caller, by_token, problem

pytestmark = pytest.mark.django_db


def keyed(caller: Caller) -> Caller:
    return replace(caller, headers=caller.headers | {"Idempotency-Key": "one"})


def test_a_token_is_not_told_what_a_session_may_ask_for(owner: Caller, alice: User) -> None:
    body = {"name": "Everything", "scopes": ["read", "write"]}
    assert keyed(owner).post("auth/tokens/", body).status_code == 201
    _, text = token_create(user=alice, name="weak", scopes=["photos:read"], expires_in=None)

    refused = keyed(by_token(text)).post("auth/tokens/", body)
    problem(refused, 403, "token_cannot_make_tokens")

    assert keyed(owner).post("auth/tokens/", body)["Idempotency-Replayed"] == "true"


def test_a_value_is_no_field(owner: Caller, photo: Photo) -> None:
    path = f"photos/{photo.pk}/edits/forewarnings/"
    boxes = '[{"x": 1, "y": 1, "width": 9, "height": 9}]'
    assert keyed(owner).form(path, boxes=boxes, grow="1", inpainter="x").status_code == 200

    answer = keyed(owner).form(path, boxes=boxes, grow=["1", "inpainter", "x"])

    problem(answer, 422, "idempotency_key_reused")
