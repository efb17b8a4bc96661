"""edits/: by how many pixels a mask grows."""

from typing import Any

import pytest

from gallery.models import Photo
from tests import rows
from tests.api.caller import Caller
from vision.detectors.base import Box
from vision.selections import LEAST_GROWTH

HOLE = Box(x=8, y=6, width=10, height=5)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("growth", "grow"), [({}, LEAST_GROWTH), ({"grow": None}, LEAST_GROWTH), ({"grow": 0}, 0)]
)
def test_a_stored_mask_grows_unless_told_otherwise(
    owner: Caller, photo: Photo, growth: dict[str, Any], grow: int
) -> None:
    png = rows.build_mask_png(hole=HOLE)
    mask = owner.post_form(f"photos/{photo.pk}/masks/", file=png).json()["id"]
    edit = owner.post(f"photos/{photo.pk}/edits/", {"mask": mask, **growth}).json()
    assert (edit["grow"], edit["mask"]) == (grow, mask)


def test_a_mask_file_grows_unless_told_otherwise(owner: Caller, photo: Photo) -> None:
    fields = {"mask_file": rows.build_mask_png(hole=HOLE)}
    for growth, grow in (({}, LEAST_GROWTH), ({"grow": "0"}, 0)):
        edit = owner.post_form(f"photos/{photo.pk}/edits/", **fields, **growth).json()
        assert edit["grow"] == grow
