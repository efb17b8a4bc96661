"""`manage.py vanish` with labels that name something, nothing, or something else."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from tests import images
from vision import command_line
from vision.command_line import FAILED_STATUS, NOTHING_STATUS
from vision.detectors.base import Box, Detection
from vision.errors import VisionError
from vision.files import Engines, remove_from_file
from vision.images import Picture, decode
from vision.inpainters.registry import load_inpainter
from vision.selections import Selection
from vision.weights import ModelStore

DOG = Box(30, 30, 60, 50)
SIGN = Box(120, 90, 20, 15)


class StandInDetector:
    """A detector that returns these detections for any picture that is not black."""

    name = "rekognition"

    def __init__(self, *detections: Detection) -> None:
        self._detections = list(detections)

    def detect(self, picture: Picture) -> list[Detection]:
        return self._detections if picture.pixels.any() else []


def build_detection(label: str, box: Box | None, *parents: str) -> Detection:
    """Return a detection of an object in this box."""
    return Detection(label, 0.9, box, parents, "rekognition")


DETECTOR = StandInDetector(
    build_detection("dog", DOG, "animal"),
    build_detection("truck", SIGN),
    build_detection("beach", None),
)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A JPEG file of 160 x 120 pixels."""
    path = tmp_path / "beach.jpg"
    path.write_bytes(images.build_jpeg(160, 120))
    return path


@pytest.fixture
def engines() -> Engines:
    """The engines with the detector of this file."""
    store = ModelStore.from_environment()
    return Engines(store, load_inpainter("patchmatch", store), DETECTOR)


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command use the detector of this file."""

    def load(*_names: Any, **_options: Any) -> StandInDetector:
        return DETECTOR

    monkeypatch.setattr(command_line, "load_detector", load)


def run_vanish(*arguments: object) -> str:
    """Run the command with the detector of this file; return its standard error."""
    err = io.StringIO()
    options = ["--detector", "rekognition", "--inpainter", "patchmatch"]
    call_command("vanish", *map(str, arguments), *options, stdout=io.StringIO(), stderr=err)
    return err.getvalue()


def find_changed(photo: Path, result: Path) -> Any:
    """Return the pixels that differ, [H, W] bool."""
    return (decode(result).pixels != decode(photo).pixels).any(axis=2)


@pytest.mark.parametrize(
    ("selection", "code", "message"),
    [
        (Selection(labels=["cat"]), "label_not_found", "no “cat” .* Near “cat” is “dog”; “animal”"),
        (
            Selection(labels=["car"]),
            "label_not_found",
            "Near “car” is “truck”; “vehicle” stands for all",
        ),
        (Selection(labels=["dog", "cat"], if_missing="fail"), "label_not_found", "no “cat” in"),
        (
            Selection(labels=["cat"], boxes=[SIGN], if_missing="fail"),
            "label_not_found",
            "Found: beach, dog, truck",
        ),
        (Selection(labels=["beach"]), "label_without_place", "recognised, but not where"),
    ],
)
def test_labels_without_an_object_are_refused(
    selection: Selection, code: str, message: str, photo: Path, engines: Engines
) -> None:
    with pytest.raises(VisionError, match=message) as refusal:
        remove_from_file(photo, photo.with_name("out.jpg"), selection, engines)
    assert refusal.value.code == code
    assert not photo.with_name("out.jpg").exists()


@pytest.mark.parametrize(
    ("selection", "box"),
    [
        (Selection(labels=["Dog", "cat"]), DOG),
        (Selection(labels=["cat"], boxes=[SIGN]), SIGN),
        (Selection(labels=["beach"], boxes=[SIGN]), SIGN),
    ],
)
def test_the_rest_is_removed_with_a_note(
    selection: Selection, box: Box, photo: Path, engines: Engines
) -> None:
    notes: list[str] = []
    out = photo.with_name("out.png")
    remove_from_file(photo, out, selection, engines, notify=notes.append)
    changed = find_changed(photo, out)
    assert changed[box.y : box.y + box.height, box.x : box.x + box.width].any()
    assert changed.mean() < 0.5
    assert any(note.startswith("There is no “") for note in notes)


@pytest.mark.parametrize(("label", "box"), [("animal", DOG), ("vehicle", SIGN)])
def test_a_broader_name_selects_its_objects(
    label: str, box: Box, photo: Path, engines: Engines
) -> None:
    progress: list[float] = []
    out = photo.with_name("out.png")
    selection = Selection(labels=[label])
    remove_from_file(photo, out, selection, engines, checkpoint=progress.append)
    changed = find_changed(photo, out)
    assert changed[box.y : box.y + box.height, box.x : box.x + box.width].any()
    assert not changed[:10].any()
    assert progress == sorted(progress)
    assert progress[-1] == 1.0


@pytest.mark.usefixtures("stand_in")
def test_a_photo_with_nothing_to_remove_has_its_own_exit_status(photo: Path) -> None:
    out = photo.with_name("out.jpg")
    with pytest.raises(CommandError, match="no “cat”") as end:
        run_vanish(photo, "-o", out, "--labels", "cat")
    assert end.value.returncode == NOTHING_STATUS
    assert not out.exists()
    with pytest.raises(CommandError, match="no “cat”"):
        run_vanish(photo, "-o", out, "--labels", "dog,cat", "--if-missing", "fail")
    assert "no “cat”" in run_vanish(photo, "-o", out, "--labels", "dog,cat")
    assert out.exists()


@pytest.mark.usefixtures("stand_in")
def test_a_folder_counts_what_failed_and_what_has_nothing_to_remove(tmp_path: Path) -> None:
    folder, out = tmp_path / "photos", tmp_path / "out"
    folder.mkdir()
    for name in ("one.png", "two.png"):
        (folder / name).write_bytes(images.build_png(160, 120))
    black = images.encode_pixels(np.zeros((120, 160, 3), np.uint8), "PNG")
    (folder / "black.png").write_bytes(black)
    with pytest.raises(CommandError, match=r"^1 of 3 have nothing to remove") as end:
        run_vanish(folder, "-o", out, "--labels", "dog")
    assert end.value.returncode == NOTHING_STATUS
    assert sorted(path.name for path in out.iterdir()) == ["one.png", "two.png"]
    (folder / "broken.png").write_bytes(b"none")
    with pytest.raises(CommandError, match=r"^1 of 4 photos failed; 1 of 4 have nothing") as end:
        run_vanish(folder, "-o", out, "--labels", "dog")
    assert end.value.returncode == FAILED_STATUS
