"""Parallel calls of a real server with several processes."""

import time
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from tests import images
from tests.api.live import LiveApi, call_in_parallel, run_live_api
from tests.stand_ins import postgres

CALLS = 20
LIMITS = {"VANISH_CALLS_WRITES": "30", "VANISH_QUOTA_EDITS": "5", "VANISH_QUOTA_STORAGE_MB": "5"}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def live(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveApi]:
    """A server on either database, with low limits."""
    url = ""
    if request.param == "postgresql":
        url = postgres.create_database(request.getfixturevalue("postgres_url"))
    folder = tmp_path_factory.mktemp(request.param)
    with run_live_api(folder, url, **LIMITS) as api:
        yield api


def test_twenty_parallel_duplicates_create_one_photo(live: LiveApi) -> None:
    picture = images.build_png(640, 480)
    headers = live.alice | {"Idempotency-Key": "one-photo"}

    def upload(_index: int) -> httpx.Response:
        return live.post("photos/", headers, files={"file": ("beach.png", picture)})

    before = list_photo_ids(live)
    responses = call_in_parallel(CALLS, upload)
    last = upload(0)

    assert Counter(response.status_code for response in responses).keys() <= {201, 409}
    created = [response for response in responses if response.status_code == 201]
    assert {response.text for response in created} == {last.text}
    assert [
        response for response in created if "Idempotency-Replayed" not in response.headers
    ] != []
    assert sum("Idempotency-Replayed" not in response.headers for response in created) == 1
    for response in responses:
        if response.status_code == 409:
            assert response.json()["code"] == "idempotency_in_progress"
    assert last.headers["Idempotency-Replayed"] == "true"
    assert list_photo_ids(live) - before == {last.json()["id"]}


def list_photo_ids(live: LiveApi) -> set[str]:
    """Return the ids of Alice's photos, including those of other tests."""
    return {row["id"] for row in live.get("photos/", live.alice).json()["results"]}


def test_parallel_calls_stay_within_the_rate_limit(live: LiveApi) -> None:
    def create_album(_index: int) -> httpx.Response:
        return live.post("albums/", live.bob, json={"name": "Sea"})

    began = time.monotonic()
    responses = call_in_parallel(CALLS, create_album)
    seconds = time.monotonic() - began

    counts = Counter(response.status_code for response in responses)
    # The token has half of its user's thirty calls a minute: one more every four seconds.
    assert 15 <= counts[201] <= 16 + seconds / 4
    assert counts[201] + counts[429] == CALLS
    refusal = next(response for response in responses if response.status_code == 429)
    assert refusal.json()["violated_policies"] == ["token-writes"]
    assert 1 <= int(refusal.headers["Retry-After"]) <= 4
    # Bob's first upload in another test creates an album too.
    names = [album["name"] for album in live.get("albums/", live.bob).json()["results"]]
    assert names.count("Sea") == counts[201]


def test_parallel_edits_stay_within_the_quota(live: LiveApi) -> None:
    picture = {"file": ("beach.png", images.build_png(96, 64))}
    photo = live.post("photos/", live.alice, files=picture).json()["id"]
    box = {"boxes": [{"x": 4, "y": 4, "width": 8, "height": 8}]}

    def request_edit(_index: int) -> httpx.Response:
        return live.post(f"photos/{photo}/edits/", live.alice, json=box)

    responses = call_in_parallel(CALLS, request_edit)

    assert Counter(response.status_code for response in responses) == {202: 5, 429: CALLS - 5}
    refusals = {response.json()["code"] for response in responses if response.status_code == 429}
    assert refusals == {"quota_edits_in_flight"}
    usage = live.get("me/", live.alice).json()["usage"]
    assert usage["edits_in_flight"] == {"used": 5, "quota": 5}
    assert usage["pixels_today"]["used"] == 5 * 96 * 64


def test_parallel_uploads_stay_within_the_storage_quota(live: LiveApi) -> None:
    picture = images.build_png(1000, 600)
    fitting = 5 * 2**20 // len(picture)
    assert 2 <= fitting <= 6

    def upload(_index: int) -> httpx.Response:
        return live.post("photos/", live.bob, files={"file": ("beach.png", picture)})

    responses = call_in_parallel(10, upload)

    assert Counter(response.status_code for response in responses) == {
        201: fitting,
        403: 10 - fitting,
    }
    usage = live.get("me/", live.bob).json()["usage"]
    assert usage["storage_bytes"]["used"] == fitting * len(picture)
