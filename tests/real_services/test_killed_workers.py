"""Workers killed during edits: no edit is lost, and no revision is created twice."""

import os
import signal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests import images
from tests.installation import EMBEDDED, Installation
from tests.stand_ins import aws_like as servers
from tests.waiting import find_children, find_processes, wait_until
from vanish_client import Box, Photo, Vanish

pytestmark = [pytest.mark.real_services, pytest.mark.xdist_group("real_services")]
KILLS = 4
QUICK = {"VANISH_LEASE_SECONDS": "5", "VANISH_SWEEP_SECONDS": "1"}
HOLE = Box(x=300, y=200, width=420, height=320)


class Client(Vanish):
    """The API client with more methods."""

    def queue_edit(self, photo: Photo) -> str:
        """Queue an edit of the original and return its id."""
        base = photo["original_revision"]["id"]
        return self.remove(photo["id"], boxes=[HOLE], base_revision=base)["id"]

    def has_begun(self, edit: str) -> bool:
        """Return whether the edit is no longer queued."""
        return self.get_edit(edit)["state"] != "queued"

    def list_revisions(self, photo_id: str) -> list[dict[str, Any]]:
        """Return all revisions of a photo."""
        return list(self.iterate_rows(f"photos/{photo_id}/revisions/"))


@pytest.fixture(params=["embedded", "aws_like"])
def services(request: pytest.FixtureRequest) -> dict[str, str]:
    """The environment variables of an embedded and of an AWS-like installation."""
    if request.param == "embedded":
        return EMBEDDED
    environment: dict[str, str] = request.getfixturevalue("aws_like")
    return environment | servers.create_installation(environment)


@pytest.fixture
def photo_file(tmp_path: Path) -> Path:
    file = tmp_path / "scene.png"
    file.write_bytes(images.encode_pixels(images.build_scene(1400, 1000), "PNG"))
    return file


def sign_in(installation: Installation) -> Client:
    client = Client(installation.url)
    client.sign_in(settings.DEMO_EMAIL, settings.DEMO_PASSWORD)
    return client


def find_main_worker(installation: Installation) -> int:
    """Return the pid of the main process of the edits worker."""
    processes = find_processes("VANISH_DATA_DIR", str(installation.folder))
    workers = {pid for pid, command in processes.items() if "--queues edits " in command}
    (main,) = (pid for pid in workers if find_children(pid) & workers)
    return main


def test_killed_workers_lose_no_edit_and_repeat_no_revision(
    services: dict[str, str], photo_file: Path, tmp_path: Path
) -> None:
    with (
        Installation(tmp_path / "data", **services, **QUICK) as installation,
        sign_in(installation) as client,
    ):
        photo = client.upload(photo_file)
        edits: list[str] = []
        kills = 0
        while kills < KILLS:
            edits.append(client.queue_edit(photo))
            wait_until(partial(client.has_begun, edits[-1]), "the edit begins")
            if client.get_edit(edits[-1])["state"] == "running":
                for child in find_children(find_main_worker(installation)):
                    os.kill(child, signal.SIGKILL)
                kills += 1

        for edit in edits:
            client.wait_for_edit(edit)
        revisions = client.list_revisions(photo["id"])

    assert sorted(row["edit"] for row in revisions if row["edit"]) == sorted(edits)
    assert [row["number"] for row in revisions] == list(range(len(edits), -1, -1))


def test_a_stopped_worker_returns_its_edit_to_the_queue(
    services: dict[str, str], photo_file: Path, tmp_path: Path
) -> None:
    # With this lease, the edit would wait for an hour.
    long_lease = {"VANISH_LEASE_SECONDS": "3600", "VANISH_STOP_SECONDS": "1"}
    with (
        Installation(tmp_path / "data", **services, **long_lease) as installation,
        sign_in(installation) as client,
    ):
        photo = client.upload(photo_file)
        edits = [client.queue_edit(photo) for _ in range(3)]
        wait_until(partial(client.has_begun, edits[0]), "an edit begins")
        os.kill(find_main_worker(installation), signal.SIGTERM)

        for edit in edits:
            client.wait_for_edit(edit)
        assert len(client.list_revisions(photo["id"])) == 1 + len(edits)
