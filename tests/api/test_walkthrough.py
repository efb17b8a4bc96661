"""The client and the walkthrough against this application, without a socket."""

import argparse
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from django.core.handlers.wsgi import WSGIHandler
from PIL import Image

from accounts.models import User
from inpainting.models import DetectionRun
from jobs.models import State
from tests import images, people, rows
from vanish_client import Vanish, VanishError
from vanish_walkthrough import read_options, walk
from vision.detectors.base import Box
from vision.masks import from_boxes, grow
from vision.selections import LEAST_GROWTH

HOLE = Box(x=8, y=6, width=10, height=5)
pytestmark = pytest.mark.django_db


@pytest.fixture
def vanish(one_connection: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Vanish]:
    """The client of the script; queued jobs run while it waits."""
    people.create_person("dana", password=people.PASSWORD)
    monkeypatch.setattr("vanish_client.time.sleep", lambda _: run_jobs())
    monkeypatch.setattr("api.http.waiting._sleep", lambda *_: run_jobs())
    caller = Vanish("http://testserver")
    caller._http.close()
    caller._storage.close()
    mounts = {"http://testserver": httpx.WSGITransport(app=WSGIHandler())}
    root = caller._http.base_url
    caller._http = httpx.Client(mounts=mounts, base_url=root, follow_redirects=True)
    caller._storage = httpx.Client(mounts=mounts)
    with caller:
        yield caller


def run_jobs() -> None:
    DetectionRun.objects.update(state=State.SUCCEEDED)
    rows.run_all_edits()


@pytest.fixture
def beach(tmp_path: Path) -> Path:
    file = tmp_path / "beach.png"
    file.write_bytes(images.build_png(rows.WIDTH, rows.HEIGHT))
    return file


def build_options(*arguments: Any, monkeypatch: pytest.MonkeyPatch) -> argparse.Namespace:
    monkeypatch.setenv("VANISH_PASSWORD", people.PASSWORD)
    return read_options([str(word) for word in arguments] + ["--email", "dana@people.example"])


def test_the_environment_may_name_the_server(beach: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = build_options(beach, "--labels", "dog", monkeypatch=monkeypatch)
    assert options.server == "http://127.0.0.1:8000"
    monkeypatch.setenv("VANISH_SERVER", "https://vanish.example")
    options = build_options(beach, "--labels", "dog", monkeypatch=monkeypatch)
    assert options.server == "https://vanish.example"


def test_the_walkthrough_removes_what_the_mask_covers(
    vanish: Vanish, beach: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mask = tmp_path / "mask.png"
    mask.write_bytes(rows.build_mask_png(hole=HOLE))
    options = build_options(beach, "--mask", mask, monkeypatch=monkeypatch)
    vanish.sign_in("dana@people.example", people.PASSWORD)
    saved = walk(vanish, options)
    assert saved == tmp_path / "beach-vanished.png"
    before, after = (np.asarray(Image.open(io.BytesIO(p.read_bytes()))) for p in (beach, saved))
    height, width = before.shape[:2]
    pixels = from_boxes((height, width), [(HOLE.x, HOLE.y, HOLE.width, HOLE.height)])
    hole, grown = pixels > 0, grow(pixels, LEAST_GROWTH) > 0
    assert np.array_equal(before[~grown], after[~grown])
    assert not np.array_equal(before[hole], after[hole])


def test_a_label_that_is_not_found_ends_with_the_error_of_the_server(
    vanish: Vanish, beach: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = build_options(beach, "--labels", "dog, cat", monkeypatch=monkeypatch)
    vanish.sign_in("dana@people.example", people.PASSWORD)
    with pytest.raises(VanishError, match=r"no “dog” and no “cat”.*label_not_found, 422"):
        walk(vanish, options)


def test_a_wrong_password_is_refused(vanish: Vanish) -> None:
    with pytest.raises(VanishError, match=r"wrong_credentials, 401"):
        vanish.sign_in("dana@people.example", "guess")
    assert User.objects.filter(email="dana@people.example").exists()


@pytest.mark.parametrize(
    "arguments",
    [[], ["x.jpg"], ["x.jpg", "--labels", "a", "--mask", "b"], ["x.jpg", "--labels", "dog"]],
)
def test_an_invalid_command_line_prints_the_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        read_options(arguments)
    assert "usage:" in capsys.readouterr().err
