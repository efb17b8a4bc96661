"""Processing a folder by a recipe through a running server, and resuming after a stop."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from django.conf import settings

import vanish_sync
from tests import images
from tests.installation import Installation
from tests.rows import build_mask_png
from vanish_client import Picture, Vanish
from vision.detectors.base import Box
from vision.images import decode

pytestmark = pytest.mark.whole_way
HOLE = Box(x=20, y=16, width=14, height=10)


@pytest.fixture
def server(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with Vanish(installation.url) as vanish:
        credentials = {
            "email": settings.DEMO_EMAIL,
            "password": settings.DEMO_PASSWORD,
            "name": "sync",
        }
        monkeypatch.setenv(
            "VANISH_TOKEN", vanish.call_json("POST", "auth/tokens/", json=credentials)["token"]
        )
        yield installation.url


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Two photos with masks, one of them in a subfolder, and a file that is no photo."""
    for folder in ("photos", "masks"):
        (tmp_path / folder / "shoes").mkdir(parents=True)
    for name in ("hat", "shoes/left"):
        (tmp_path / f"photos/{name}.png").write_bytes(images.build_png(96, 64))
        mask = build_mask_png(width=96, height=64, hole=HOLE)
        (tmp_path / f"masks/{name}.png").write_bytes(mask)
    (tmp_path / "photos/notes.txt").write_text("none")
    (tmp_path / "recipe.json").write_text(json.dumps({"grow": 1}))
    return tmp_path


def run_sync(shop: Path, server: str, *arguments: str) -> int:
    folders = [str(shop / "photos"), str(shop / "cleaned")]
    options = ["--recipe", str(shop / "recipe.json"), "--masks", str(shop / "masks")]
    return vanish_sync.main([*folders, *options, "--server", server, *arguments])


def test_every_photo_is_processed_once(
    server: str, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_sync(shop, server) == 0
    before = decode(shop / "photos/hat.png").pixels
    hole = np.zeros(before.shape[:2], bool)
    hole[HOLE.y - 1 : HOLE.y + HOLE.height + 1, HOLE.x - 1 : HOLE.x + HOLE.width + 1] = True
    for name in ("hat", "shoes/left"):
        after = decode(shop / f"cleaned/{name}.png").pixels
        assert np.array_equal(before[~hole], after[~hole])
        assert (before[hole] != after[hole]).any()
    names = sorted(file.name for file in (shop / "cleaned").rglob("*") if file.is_file())
    assert names == [vanish_sync.JOURNAL, "hat.png", "left.png"]

    sent_files: list[Path] = []
    original = Vanish.remove_from_file

    def record_and_vanish(vanish: Vanish, file: Path, **options: Any) -> Picture:
        sent_files.append(file)
        return original(vanish, file, **options)

    monkeypatch.setattr(Vanish, "remove_from_file", record_and_vanish)
    assert run_sync(shop, server) == 0
    assert sent_files == []
    (shop / "photos/hat.png").write_bytes(images.build_png(97, 64))
    (shop / "masks/hat.png").write_bytes(build_mask_png(width=97, height=64, hole=HOLE))
    assert run_sync(shop, server) == 0
    assert [file.name for file in sent_files] == ["hat.png"]


def test_one_bad_photo_does_not_stop_the_others(
    server: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "photos/broken.png").write_bytes(b"none")
    assert run_sync(shop, server) == 1
    output = capsys.readouterr()
    assert "2 of 3 photos" in output.out
    assert "broken.png" in output.err
    assert not (shop / "cleaned/broken.png").exists()
    assert (shop / "cleaned/hat.png").exists()


def test_the_server_stores_nothing(server: str, shop: Path) -> None:
    with Vanish(server, token=os.environ["VANISH_TOKEN"]) as vanish:
        before = vanish.call_json("GET", "me/")["usage"]
        assert run_sync(shop, server) == 0
        assert vanish.call_json("GET", "me/")["usage"]["storage_bytes"] == before["storage_bytes"]


def test_a_photo_without_the_object_is_copied(server: str, shop: Path) -> None:
    (shop / "recipe.json").write_text(json.dumps({"labels": ["elephant"]}))
    assert vanish_sync.main(
        [
            *(str(shop / folder) for folder in ("photos", "copies")),
            *("--recipe", str(shop / "recipe.json"), "--server", server),
        ]
    ) == 0  # fmt: skip
    copy, photo = (shop / f"{folder}/hat.png" for folder in ("copies", "photos"))
    assert copy.read_bytes() == photo.read_bytes()


def test_two_photos_with_the_same_output_name_are_refused(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VANISH_TOKEN", "x")
    (shop / "photos/hat.jpg").write_bytes(b"x")
    (shop / "recipe.json").write_text(json.dumps({"format": "webp"}))
    assert run_sync(shop, "http://127.0.0.1:9") == 1
    assert "would both become hat.webp" in capsys.readouterr().err


def test_an_unreachable_server_is_reported(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VANISH_TOKEN", "x")
    monkeypatch.setattr(Vanish, "remove_from_file", fail_to_connect)
    assert run_sync(shop, "http://127.0.0.1:9") == 1
    assert "0 of 2 photos" in capsys.readouterr().out


def fail_to_connect(*_: object, **__: object) -> None:
    raise httpx.ConnectError("nobody is there")
