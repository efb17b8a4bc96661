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
from vanish_sync import FAILURE, NOTHING_FOUND, REFUSED, SUCCESS
from vanish_sync_files import JOURNAL, Journal, Task
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
    assert names == [JOURNAL, "hat.png", "left.png"]

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
    assert run_sync(shop, server) == FAILURE
    output = capsys.readouterr()
    assert "3 photos: 2 cleaned, 1 failed." in output.out
    assert "broken.png" in output.err
    assert not (shop / "cleaned/broken.png").exists()
    assert (shop / "cleaned/hat.png").exists()


def test_the_server_stores_nothing(server: str, shop: Path) -> None:
    with Vanish(server, token=os.environ["VANISH_TOKEN"]) as vanish:
        before = vanish.call_json("GET", "me/")["usage"]
        assert run_sync(shop, server) == 0
        assert vanish.call_json("GET", "me/")["usage"]["storage_bytes"] == before["storage_bytes"]


def run_labels(shop: Path, server: str, recipe: dict[str, Any], *arguments: str) -> int:
    """Run the batch with a recipe; masks only if an argument names them."""
    (shop / "recipe.json").write_text(json.dumps(recipe))
    folders = [str(shop / folder) for folder in ("photos", "copies")]
    options = ["--recipe", str(shop / "recipe.json"), "--server", server]
    return vanish_sync.main([*folders, *options, *arguments])


def test_a_copy_of_the_original_is_not_called_cleaned(
    server: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "photos/CAP.JPG").write_bytes(images.build_jpeg(96, 64))
    recipe = {"labels": ["elephant"], "format": "jpeg"}
    for _ in range(2):  # the second run takes the states from the journal
        assert run_labels(shop, server, recipe) == NOTHING_FOUND
        output = capsys.readouterr()
        assert "3 photos: 1 copied unchanged" in output.out
        assert ", 2 left out" in output.out
        assert "CAP.JPG: nothing to remove, copied" in output.err
    copy, photo = (shop / f"{folder}/CAP.JPG" for folder in ("copies", "photos"))
    assert copy.read_bytes() == photo.read_bytes()
    assert not list((shop / "copies").rglob("*.png"))
    assert len((shop / "copies" / JOURNAL).read_text().splitlines()) == 3


def test_a_mask_beside_an_absent_label_is_removed(
    server: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "masks/hat.png").rename(shop / "masks/hat.PNG")
    recipe: dict[str, Any] = {"labels": ["elephant"]}
    assert run_labels(shop, server, recipe, "--masks", str(shop / "masks")) == SUCCESS
    assert "2 photos: 2 cleaned." in capsys.readouterr().out
    before, after = (decode(shop / f"{each}/hat.png").pixels for each in ("photos", "copies"))
    assert (before != after).any()
    recipe |= {"if_missing": "fail"}
    assert run_labels(shop, server, recipe, "--masks", str(shop / "masks")) == FAILURE
    assert "2 photos: 2 failed." in capsys.readouterr().out


@pytest.mark.parametrize("is_token_wrong", [False, True])
def test_what_every_photo_would_be_refused_for_stops_it(
    server: str, shop: Path, is_token_wrong: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vanish_sync, "MAX_PARALLEL", 1)
        if is_token_wrong:
            patch.setenv("VANISH_TOKEN", "wrong")
        label = "elephant" if is_token_wrong else "elehpant"
        assert run_labels(shop, server, {"labels": [label]}) == REFUSED
    output = capsys.readouterr()
    assert "2 photos: 2 not processed." in output.out
    assert output.err.count("Stopped: ") == 1
    assert ("“elephant”" in output.err) != is_token_wrong
    assert not (shop / "copies" / JOURNAL).exists()


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
    assert "2 photos: 2 failed." in capsys.readouterr().out


def test_the_journal_is_appended_and_survives_a_line_that_was_cut_off(tmp_path: Path) -> None:
    first, second = (Task(tmp_path / name, tmp_path / name, None) for name in ("a.png", "b.png"))
    for task in (first, second):
        task.result.touch()
    Journal(tmp_path).add(first, "1", "cleaned")
    path = tmp_path / JOURNAL
    path.write_text(path.read_text() + '["b.png", "2')
    Journal(tmp_path).add(second, "3", "copied")
    journal = Journal(tmp_path)
    assert journal.find_state(first, "1") == "cleaned"
    assert journal.find_state(second, "3") == "copied"
    assert journal.find_state(first, "2") is None
    second.result.unlink()
    assert journal.find_state(second, "3") is None
    assert path.read_text().startswith('["a.png", "1", "cleaned"]\n["b.png", "2\n')


def test_photos_are_hashed_while_others_are_processed(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    compute = Task.compute_fingerprint

    def record(task: Task, recipe: dict[str, Any]) -> str:
        events.append("hash")
        return compute(task, recipe)

    def answer(_vanish: Vanish, file: Path, **_fields: Any) -> Picture:
        events.append("send")
        return Picture(file.read_bytes(), "image/png")

    monkeypatch.setattr(Task, "compute_fingerprint", record)
    monkeypatch.setattr(Vanish, "remove_from_file", answer)
    monkeypatch.setattr(vanish_sync, "MAX_PARALLEL", 1)
    monkeypatch.setenv("VANISH_TOKEN", "x")
    assert run_sync(shop, "http://127.0.0.1:9") == SUCCESS
    assert events == ["hash", "send", "hash", "send"]


def fail_to_connect(*_: object, **__: object) -> None:
    raise httpx.ConnectError("nobody is there")
