"""examples/."""

import io

import pytest
from PIL import Image

from tests.api.caller import Caller, problem

pytestmark = pytest.mark.django_db


def test_every_example_has_a_credit_and_a_thumbnail(owner: Caller) -> None:
    listed = owner.get("examples/").json()
    assert listed["results"]
    for row in listed["results"]:
        assert set(row) == {"id", "title", "credit", "licence", "width", "height", "thumbnail"}
        assert row["credit"]
        assert row["licence"]
        assert row["thumbnail"] == f"/api/v1/examples/{row['id']}/thumbnail/"


def test_a_thumbnail(owner: Caller) -> None:
    example = owner.get("examples/").json()["results"][0]
    answer = owner.get(example["thumbnail"])
    assert (answer["Content-Type"], answer["Cache-Control"]) == (
        "image/webp",
        "private, max-age=3600",
    )
    size = Image.open(io.BytesIO(answer.body)).size
    assert max(size) == min(480, max(example["width"], example["height"]))
    again = owner.client.get(example["thumbnail"], headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("example_id", ["nowhere", "..%2f..%2fetc", "%00", "é"])
def test_an_unknown_one(owner: Caller, example_id: str) -> None:
    problem(owner.get(f"examples/{example_id}/thumbnail/"), 404, "not_found")
