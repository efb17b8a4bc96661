"""Waiting in a real server: half of its threads stay for others, and nobody holds up its end."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from api.http.waiting import MAX_WAITING
from processes.gunicorn_config import workers
from tests import images
from tests.api.live import LiveApi, live_api

MOST = MAX_WAITING * workers
BOX = {"boxes": [{"x": 10, "y": 12, "width": 12, "height": 10}]}


@pytest.fixture
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApi]:
    """A server without workers: what is asked of it is never done."""
    with live_api(tmp_path_factory.mktemp("waiting"), "") as api:
        yield api


def test_waiters_leave_room_and_end_with_the_server(live: LiveApi) -> None:
    photo = live.post(
        "photos/", live.alice, files={"file": ("a.png", images.build_png(96, 64))}
    ).json()
    edit = live.post(f"photos/{photo['id']}/edits/", live.alice, json=BOX).json()
    patient = live.alice | {"Prefer": "wait=60"}

    def look(_index: int) -> httpx.Response:
        return live.get(f"edits/{edit['id']}/", patient)

    with ThreadPoolExecutor(3 * MOST) as pool:
        looks = [pool.submit(look, index) for index in range(3 * MOST)]
        while sum(each.done() for each in looks) < 2 * MOST:
            # Others are served meanwhile.
            assert live.get("me/", live.bob).status_code == 200
        live.server.terminate()
        answers = [each.result() for each in looks]

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["state"] for answer in answers} == {"queued"}
    have_waited = [answer for answer in answers if "Preference-Applied" in answer.headers]
    assert 1 <= len(have_waited) <= MOST
    assert live.server.wait() == 0
