"""Waiting on a real server: half of its threads stay free, and no wait delays its end."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from api.http.waiting import MAX_WAITING
from processes.gunicorn_config import workers
from tests import images
from tests.api.live import LiveApi, run_live_api

MAX_WAITING_IN_ALL = MAX_WAITING * workers
BOX = {"boxes": [{"x": 10, "y": 12, "width": 12, "height": 10}]}


@pytest.fixture
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApi]:
    """A server without workers, so that no edit is ever run."""
    with run_live_api(tmp_path_factory.mktemp("waiting"), "") as api:
        yield api


def test_waiting_requests_leave_threads_free_and_end_with_the_server(live: LiveApi) -> None:
    photo = live.post(
        "photos/", live.alice, files={"file": ("a.png", images.build_png(96, 64))}
    ).json()
    edit = live.post(f"photos/{photo['id']}/edits/", live.alice, json=BOX).json()
    headers = live.alice | {"Prefer": "wait=60"}

    def read_edit(_index: int) -> httpx.Response:
        return live.get(f"edits/{edit['id']}/", headers)

    with ThreadPoolExecutor(3 * MAX_WAITING_IN_ALL) as pool:
        reads = [pool.submit(read_edit, index) for index in range(3 * MAX_WAITING_IN_ALL)]
        while sum(each.done() for each in reads) < 2 * MAX_WAITING_IN_ALL:
            # Other requests are served during the wait.
            assert live.get("me/", live.bob).status_code == 200
        live.server.terminate()
        responses = [each.result() for each in reads]

    assert {response.status_code for response in responses} == {200}
    assert {response.json()["state"] for response in responses} == {"queued"}
    waited = [response for response in responses if "Preference-Applied" in response.headers]
    assert 1 <= len(waited) <= MAX_WAITING_IN_ALL
    assert live.server.wait() == 0
