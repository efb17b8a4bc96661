"""THIRD_PARTY.md lists every package, weight and picture with its licence."""

from pathlib import Path

import pytest

from gallery.examples.table import FETCHED, INSTALLED, KnownPicture
from tests import third_party
from vision.weights import WEIGHTS

PAGE = (Path(__file__).resolve().parents[2] / "THIRD_PARTY.md").read_text()


def test_every_installed_package_is_listed_with_its_licence() -> None:
    rows = {f"| {name} | {licence} |" for name, licence in third_party.read_licences().items()}

    assert len(rows) > 50
    assert rows - set(PAGE.splitlines()) == set()


def test_no_package_has_a_forbidden_licence() -> None:
    licences = third_party.read_licences()

    assert {name for name, licence in licences.items() if licence == "not stated"} == set()
    forbidden = ("AGPL", "Affero", "GNU General Public", "Non-Commercial", "Proprietary")
    assert {
        name for name, licence in licences.items() for word in forbidden if word in licence
    } == set()


@pytest.mark.parametrize("name", [weight.name for weight in WEIGHTS])
def test_every_weight_is_listed_with_its_licence(name: str) -> None:
    weight = next(weight for weight in WEIGHTS if weight.name == name)

    assert f"| {weight.name} | {weight.licence} |" in PAGE


@pytest.mark.parametrize("picture", [*FETCHED, *INSTALLED], ids=lambda picture: picture.id)
def test_every_example_picture_is_listed_with_its_licence(picture: KnownPicture) -> None:
    assert f"| {picture.title} | {picture.credit} | {picture.licence} |" in PAGE
