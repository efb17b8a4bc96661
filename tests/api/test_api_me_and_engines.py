"""me/ and engines/."""

from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.models import User
from inpainting.engines import list_missing_details
from tests.api.caller import Caller, check_problem
from tests.learned_networks import build_learned_store
from vision.inpainters.learned.preparing import check_engines

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
    assert set(inpainters) == {"hifill", "patchmatch", "migan", "lama"}
    assert inpainters["patchmatch"] == {
        "name": "patchmatch",
        "title": "PatchMatch",
        "available": True,
        "reason": "",
        "optional": False,
    }
    assert {name for name, row in inpainters.items() if row["optional"]} == {"migan", "lama"}
    assert not inpainters["hifill"]["available"]
    assert inpainters["hifill"]["reason"] == "HiFill is not installed on this site."
    assert engines["default_inpainter"] == "patchmatch"
    assert (engines["detector"]["name"], engines["detector"]["available"]) == ("local", False)
    assert "manage.py" not in str(engines)


@pytest.mark.usefixtures("local_detector")
def test_a_fetched_engine_can_be_the_default(
    owner: Caller, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = build_learned_store(tmp_path)
    monkeypatch.setattr("inpainting.engines.get_model_store", lambda: store)
    settings.INPAINTER = "lama"
    engines = owner.get("engines/").json()
    lama = next(row for row in engines["inpainters"] if row["name"] == "lama")
    assert (lama["title"], lama["available"], lama["optional"]) == ("LaMa", True, False)
    assert engines["default_inpainter"] == "lama"
    assert not any("lama" in detail.lower() for detail in list_missing_details())


@pytest.mark.usefixtures("local_detector")
def test_an_engine_that_failed_its_check_is_off_and_the_admin_knows_why(
    owner: Caller, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = build_learned_store(tmp_path, offset=20)
    check_engines(store, ["lama"])
    monkeypatch.setattr("inpainting.engines.get_model_store", lambda: store)
    settings.INPAINTER = "lama"
    engines = owner.get("engines/").json()
    lama = next(row for row in engines["inpainters"] if row["name"] == "lama")
    assert not lama["available"]
    assert lama["reason"] == "LaMa does not work on this site. Choose another inpainter."
    assert engines["default_inpainter"] == "patchmatch"
    assert any("by 20.0 levels" in detail for detail in list_missing_details())
