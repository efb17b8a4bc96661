"""The scope of an Idempotency-Key: one request of one user, signed in by the same means."""

from dataclasses import replace

import pytest

from accounts.models import User
from accounts.services import token_create
from gallery.models import Photo
from tests.api.caller import Caller, check_problem, use_token

pytestmark = pytest.mark.django_db


def add_key(caller: Caller) -> Caller:
    return replace(caller, headers=caller.headers | {"Idempotency-Key": "one"})


def test_a_token_does_not_get_the_stored_response_of_a_session(owner: Caller, alice: User) -> None:
    body = {"name": "Everything", "scopes": ["read", "write"]}
    assert add_key(owner).post("auth/tokens/", body).status_code == 201
    _, text = token_create(user=alice, name="weak", scopes=["photos:read"], expires_in=None)

    refusal = add_key(use_token(text)).post("auth/tokens/", body)
    check_problem(refusal, 403, "token_cannot_make_tokens")

    assert add_key(owner).post("auth/tokens/", body)["Idempotency-Replayed"] == "true"


def test_a_list_of_values_differs_from_separate_fields(owner: Caller, photo: Photo) -> None:
    path = f"photos/{photo.pk}/edits/forewarnings/"
    boxes = '[{"x": 1, "y": 1, "width": 9, "height": 9}]'
    assert add_key(owner).post_form(path, boxes=boxes, grow="1", inpainter="x").status_code == 200

    response = add_key(owner).post_form(path, boxes=boxes, grow=["1", "inpainter", "x"])

    check_problem(response, 422, "idempotency_key_reused")
