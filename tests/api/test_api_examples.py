"""examples/: the list of example pictures and their thumbnails."""

import io

import pytest
from PIL import Image

from tests.api.caller import Caller, check_problem

pytestmark = pytest.mark.django_db


def test_every_example_has_a_credit_and_a_thumbnail(owner: Caller) -> None:
    page = owner.get("examples/").json()
    assert page["results"]
    for row in page["results"]:
        assert set(row) == {"id", "title", "credit", "licence", "width", "height", "thumbnail"}
        assert row["credit"]
        assert row["licence"]
        assert row["thumbnail"] == f"/api/v1/examples/{row['id']}/thumbnail/"


def test_a_thumbnail_has_a_limited_size_and_an_entity_tag(owner: Caller) -> None:
    example = owner.get("examples/").json()["results"][0]
    response = owner.get(example["thumbnail"])
    assert (response["Content-Type"], response["Cache-Control"]) == (
        "image/webp",
        "private, max-age=3600",
    )
    size = Image.open(io.BytesIO(response.body)).size
    assert max(size) == min(480, max(example["width"], example["height"]))
    second = owner.client.get(example["thumbnail"], headers={"If-None-Match": response["ETag"]})
    assert second.status_code == 304


@pytest.mark.parametrize("example_id", ["nowhere", "..%2f..%2fetc", "%00", "é"])
def test_an_unknown_example_gets_404(owner: Caller, example_id: str) -> None:
    check_problem(owner.get(f"examples/{example_id}/thumbnail/"), 404, "not_found")
