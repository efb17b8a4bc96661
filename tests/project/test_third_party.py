"""Every package, weight and picture that we build on stands in THIRD_PARTY.md with its licence."""

from pathlib import Path

import pytest

from gallery.examples.table import FETCHED, INSTALLED, KnownPicture
from tests import third_party
from vision.weights import WEIGHTS

PAGE = (Path(__file__).resolve().parents[2] / "THIRD_PARTY.md").read_text()


def test_every_installed_package_is_there_with_its_licence() -> None:
    rows = {f"| {name} | {licence} |" for name, licence in third_party.read_licences().items()}

    assert len(rows) > 50
    assert rows - set(PAGE.splitlines()) == set()


def test_no_licence_forbids_our_use() -> None:
    found = third_party.read_licences()

    assert {name for name, licence in found.items() if licence == "not stated"} == set()
    strong = ("AGPL", "Affero", "GNU General Public", "Non-Commercial", "Proprietary")
    assert {name for name, licence in found.items() for word in strong if word in licence} == set()


@pytest.mark.parametrize("name", [weight.name for weight in WEIGHTS])
def test_every_weight_is_there(name: str) -> None:
    weight = next(weight for weight in WEIGHTS if weight.name == name)

    assert f"| {weight.name} | {weight.licence} |" in PAGE


@pytest.mark.parametrize("picture", [*FETCHED, *INSTALLED], ids=lambda picture: picture.id)
def test_every_example_picture_is_there(picture: KnownPicture) -> None:
    assert f"| {picture.title} | {picture.credit} | {picture.licence} |" in PAGE
