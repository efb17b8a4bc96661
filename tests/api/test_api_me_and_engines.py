"""me/ and engines/."""

import pytest
from pytest_django import Settings

from accounts.models import User
from tests.api.caller import Caller, check_problem

pytestmark = pytest.mark.django_db


def test_me_returns_the_signed_in_user(owner: Caller, alice: User) -> None:
    body = owner.get("me/").json()
    assert body.keys() - {"usage"} == {"id", "email", "display_name"}
    assert body == body | {
        "id": str(alice.pk),
        "email": "alice@people.example",
        "display_name": "Alice",
    }


def test_an_anonymous_caller_gets_401_with_a_challenge() -> None:
    response = Caller().get("me/")
    check_problem(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"] == 'Bearer realm="Vanish"'


@pytest.mark.usefixtures("local_detector")
def test_engines_report_why_one_is_unavailable(owner: Caller, settings: Settings) -> None:
    settings.MODEL_MIRROR = None
    engines = owner.get("engines/").json()
    inpainters = {row["name"]: row for row in engines["inpainters"]}
    assert set(inpainters) == {"hifill", "patchmatch"}
    assert inpainters["patchmatch"] == {
        "name": "patchmatch",
        "title": "PatchMatch",
        "available": True,
        "reason": "",
    }
    assert not inpainters["hifill"]["available"]
    assert inpainters["hifill"]["reason"] == "HiFill is not installed on this site."
    assert engines["default_inpainter"] == "patchmatch"
    assert (engines["detector"]["name"], engines["detector"]["available"]) == ("local", False)
    assert "manage.py" not in str(engines)
