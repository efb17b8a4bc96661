"""What many ask for at the same moment, of a real server with several processes."""

import time
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from tests import images
from tests.api.live import LiveApi, at_once, live_api
from tests.stand_ins import postgres

CALLS = 20
LIMITS = {"VANISH_CALLS_WRITES": "30", "VANISH_QUOTA_EDITS": "5", "VANISH_QUOTA_STORAGE_MB": "5"}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def live(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveApi]:
    """A server on either database, with narrow limits."""
    url = ""
    if request.param == "postgresql":
        url = postgres.create_database(request.getfixturevalue("postgres_url"))
    folder = tmp_path_factory.mktemp(request.param)
    with live_api(folder, url, **LIMITS) as api:
        yield api


def test_twenty_duplicates_make_one_photo(live: LiveApi) -> None:
    picture = images.build_png(640, 480)
    headers = live.alice | {"Idempotency-Key": "one-photo"}

    def upload(_index: int) -> httpx.Response:
        return live.post("photos/", headers, files={"file": ("beach.png", picture)})

    before = photo_ids(live)
    answers = at_once(CALLS, upload)
    last = upload(0)

    assert Counter(answer.status_code for answer in answers).keys() <= {201, 409}
    made = [answer for answer in answers if answer.status_code == 201]
    assert {answer.text for answer in made} == {last.text}
    assert [answer for answer in made if "Idempotency-Replayed" not in answer.headers] != []
    assert sum("Idempotency-Replayed" not in answer.headers for answer in made) == 1
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["code"] == "idempotency_in_progress"
    assert last.headers["Idempotency-Replayed"] == "true"
    assert photo_ids(live) - before == {last.json()["id"]}


def photo_ids(live: LiveApi) -> set[str]:
    """Of Alice's photos, those of other tests among them."""
    return {row["id"] for row in live.get("photos/", live.alice).json()["results"]}


def test_no_more_pass_than_the_rate_lets_however_many_come(live: LiveApi) -> None:
    def make(_index: int) -> httpx.Response:
        return live.post("albums/", live.bob, json={"name": "Sea"})

    began = time.monotonic()
    answers = at_once(CALLS, make)
    seconds = time.monotonic() - began

    told = Counter(answer.status_code for answer in answers)
    # The token has half of its user's thirty a minute: one is free again every four seconds.
    assert 15 <= told[201] <= 16 + seconds / 4
    assert told[201] + told[429] == CALLS
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["violated_policies"] == ["token-writes"]
    assert 1 <= int(refused.headers["Retry-After"]) <= 4
    # His first upload makes an album, too, where another test has done one.
    names = [album["name"] for album in live.get("albums/", live.bob).json()["results"]]
    assert names.count("Sea") == told[201]


def test_no_more_edits_wait_than_the_quota_lets(live: LiveApi) -> None:
    picture = {"file": ("beach.png", images.build_png(96, 64))}
    photo = live.post("photos/", live.alice, files=picture).json()["id"]
    box = {"boxes": [{"x": 4, "y": 4, "width": 8, "height": 8}]}

    def ask(_index: int) -> httpx.Response:
        return live.post(f"photos/{photo}/edits/", live.alice, json=box)

    answers = at_once(CALLS, ask)

    assert Counter(answer.status_code for answer in answers) == {202: 5, 429: CALLS - 5}
    refused = {answer.json()["code"] for answer in answers if answer.status_code == 429}
    assert refused == {"quota_edits_in_flight"}
    usage = live.get("me/", live.alice).json()["usage"]
    assert usage["edits_in_flight"] == {"used": 5, "quota": 5}
    assert usage["pixels_today"]["used"] == 5 * 96 * 64


def test_no_more_is_kept_than_the_storage_takes(live: LiveApi) -> None:
    picture = images.build_png(1000, 600)
    fitting = 5 * 2**20 // len(picture)
    assert 2 <= fitting <= 6

    def upload(_index: int) -> httpx.Response:
        return live.post("photos/", live.bob, files={"file": ("beach.png", picture)})

    answers = at_once(10, upload)

    assert Counter(answer.status_code for answer in answers) == {201: fitting, 403: 10 - fitting}
    usage = live.get("me/", live.bob).json()["usage"]
    assert usage["storage_bytes"]["used"] == fitting * len(picture)
