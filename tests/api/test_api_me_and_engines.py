"""me/ and engines/."""

import pytest

from accounts.models import User
from tests.api.caller import Caller, problem

pytestmark = pytest.mark.django_db


def test_me(owner: Caller, alice: User) -> None:
    told = owner.get("me/").json()
    assert told.keys() - {"usage"} == {"id", "email", "display_name"}
    assert told == told | {
        "id": str(alice.pk),
        "email": "alice@people.example",
        "display_name": "Alice",
    }


def test_nobody_is_asked_to_sign_in() -> None:
    answer = Caller().get("me/")
    problem(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"] == 'Bearer realm="Vanish"'


@pytest.mark.usefixtures("local_detector")
def test_engines_say_what_is_missing(owner: Caller) -> None:
    found = owner.get("engines/").json()
    inpainters = {row["name"]: row for row in found["inpainters"]}
    assert set(inpainters) == {"hifill", "patchmatch"}
    assert inpainters["patchmatch"] == {
        "name": "patchmatch",
        "title": "PatchMatch",
        "available": True,
        "reason": "",
    }
    assert not inpainters["hifill"]["available"]
    assert inpainters["hifill"]["reason"]
    assert found["default_inpainter"] == "patchmatch"
    assert found["detector"]["name"] == "local"
