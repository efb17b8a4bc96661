"""`manage.py vanish` reads and writes files and needs no database."""

import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from tests import bad_images, images
from vision import masks
from vision.files import list_photos, plan_targets
from vision.images import decode, encode
from vision.inpainters.registry import load_inpainter
from vision.patches import apply
from vision.removal import remove
from vision.weights import ModelStore

ROOT = Path(__file__).parents[2]


def run_vanish(*arguments: object) -> tuple[str, str]:
    """Run the command; return its standard output and its standard error."""
    out, err = io.StringIO(), io.StringIO()
    call_command("vanish", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A JPEG file with a colour profile."""
    path = tmp_path / "beach.jpg"
    path.write_bytes(images.build_jpeg(160, 120, quality=83, icc_profile=images.build_profile()))
    return path


def test_a_box_vanishes_and_all_other_pixels_stay(photo: Path, tmp_path: Path) -> None:
    before = decode(photo)
    digest = hashlib.sha256(photo.read_bytes()).hexdigest()
    out, _ = run_vanish(
        photo, "-o", tmp_path / "out.png", "--box", "20,30,40,35", "--inpainter", "patchmatch"
    )
    after = decode(tmp_path / "out.png")
    assert (after.format, after.icc_profile) == ("PNG", before.icc_profile)
    hole = masks.from_boxes((120, 160), [(20, 30, 40, 35)]) == 255
    np.testing.assert_array_equal(after.pixels[~hole], before.pixels[~hole])
    assert (after.pixels[hole] != before.pixels[hole]).any(axis=1).mean() > 0.5
    assert out == f"{tmp_path / 'out.png'} (patchmatch)\n"
    assert hashlib.sha256(photo.read_bytes()).hexdigest() == digest
    assert sorted(path.name for path in tmp_path.glob("*.*")) == ["beach.jpg", "out.png"]


def test_a_jpeg_keeps_its_encoding(photo: Path, tmp_path: Path) -> None:
    run_vanish(
        photo, "-o", tmp_path / "out.jpg", "--box", "20,30,40,35", "--inpainter", "patchmatch"
    )
    assert decode(tmp_path / "out.jpg").jpeg == decode(photo).jpeg


def test_the_command_does_what_the_library_does(photo: Path, tmp_path: Path) -> None:
    mask = masks.combine(
        masks.from_boxes((120, 160), [(5, 5, 20, 20)]),
        masks.from_boxes((120, 160), [(90, 60, 30, 20)]),
    )
    (tmp_path / "mask.png").write_bytes(
        masks.to_png(masks.from_boxes((120, 160), [(90, 60, 30, 20)]))
    )
    run_vanish(
        photo,
        "-o",
        tmp_path / "out.png",
        "--box",
        "5,5,20,20",
        "--mask",
        tmp_path / "mask.png",
        "--grow",
        3,
        "--feather",
        2,
        "--inpainter",
        "patchmatch",
    )
    picture = decode(photo)
    inpainter = load_inpainter("patchmatch", ModelStore.from_environment())
    patches = remove(picture, mask, inpainter, grow=3, feather=2)
    hole = masks.grow(mask, 3) == 255
    output, expected = decode(tmp_path / "out.png").pixels, apply(picture.pixels, patches)
    np.testing.assert_array_equal(output[~hole], expected[~hole])
    assert (output[hole] != picture.pixels[hole]).any()


def test_a_large_hole_is_warned_of(photo: Path, tmp_path: Path) -> None:
    options = (photo, "-o", tmp_path / "a.png", "--inpainter", "patchmatch", "--box")
    assert run_vanish(*options, "20,30,40,35")[1] == ""
    warning = run_vanish(*options, "20,0,130,100")[1]
    assert warning.startswith("beach.jpg: What is marked covers 68% of the photo.")
    assert "covers 42% of the photo" in run_vanish(*options, "20,30,40,35", "--grow", 30)[1]


def test_a_note_says_what_opening_the_file_loses(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (90, 80), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    _, stderr = run_vanish(tmp_path / "a.gif", "-o", tmp_path / "a.png", "--box", "20,20,20,20")
    assert "a.gif: The first of 2 frames is used." in stderr


def test_every_photo_of_a_folder_is_edited_and_bad_ones_are_counted(tmp_path: Path) -> None:
    folder, target = tmp_path / "in", tmp_path / "new" / "out"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(images.build_jpeg(90, 80))
    (folder / "b.gif").write_bytes(images.encode_pixels(images.build_quarters(90, 80), "GIF"))
    (folder / "c.png").write_bytes(bad_images.SVG)
    (folder / "notes.txt").write_text("not a picture")
    with pytest.raises(CommandError, match="1 of 3 photos"):
        run_vanish(folder, "-o", target, "--box", "20,20,20,20", "--inpainter", "patchmatch")
    assert sorted(path.name for path in target.iterdir()) == ["a.jpg", "b.png"]
    assert decode(target / "a.jpg").width == 90


def test_names_in_a_folder_do_not_collide(tmp_path: Path) -> None:
    sources = [Path("a.gif"), Path("a.heic"), Path("a.jpg"), Path("b.gif"), Path("b.png")]
    targets = plan_targets(tmp_path, sources)
    assert [targets[source].name for source in sources] == [
        "a.png",
        "a.heic.png",
        "a.jpg",
        "b.gif.png",
        "b.png",
    ]


def test_only_pictures_of_a_folder_are_read(tmp_path: Path) -> None:
    for name in ("b.PNG", "a.jpeg", ".hidden.jpg", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "folder.png").mkdir()
    assert [path.name for path in list_photos(tmp_path)] == ["a.jpeg", "b.PNG"]


@pytest.mark.usefixtures("local_detector")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "out.png"], "Say what should vanish"),
        (["-o", "beach.jpg", "--box", "1,1,9,9"], "is the photo itself"),
        (["-o", ".", "--box", "1,1,9,9"], "is the photo itself"),
        (["-o", "out.png", "--box", "1,1,9"], "is not X,Y,WIDTH,HEIGHT"),
        (["-o", "out.png", "--box", "1,1,0,9"], "no width"),
        (["-o", "out.png", "--box", "900,900,9,9"], "Nothing is marked"),
        (["-o", "out.png", "--box", "0,0,999,999"], "whole picture is marked"),
        (["-o", "out.xyz", "--box", "1,1,9,9"], r"can't be written as \.xyz"),
        (["-o", "nowhere/out.png", "--box", "1,1,9,9"], "There is no folder"),
        (["-o", "out.png", "--labels", "unicorn"], "does not know “unicorn”.*toothbrush"),
        (["-o", "out.png", "--box", "1,1,9,9", "--inpainter", "magic"], "magic"),
        (["-o", "out.png", "--mask", "small.png"], "The mask is 20 x 10 pixels"),
        (["-o", "out.png", "--mask", "missing.png"], "missing.png: No such file"),
        (["-o", "out.png", "--box", "1,1,9,9", "--grow", "-1"], "not a number of pixels"),
    ],
)
def test_a_bad_request_is_refused_and_nothing_is_written(
    arguments: list[str], message: str, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(photo.parent)
    Path("small.png").write_bytes(images.build_png(20, 10))
    before = photo.read_bytes()
    with pytest.raises(CommandError, match=message):
        run_vanish("beach.jpg", "--inpainter", "patchmatch", *arguments)
    assert photo.read_bytes() == before
    assert sorted(path.name for path in Path().glob("*.*")) == ["beach.jpg", "small.png"]


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"", "empty"), (bad_images.SVG, "not a picture"), (images.build_jpeg()[:700], "cut off")],
)
def test_a_bad_photo_is_refused_and_nothing_is_written(
    data: bytes, message: str, tmp_path: Path
) -> None:
    (tmp_path / "bad.jpg").write_bytes(data)
    with pytest.raises(CommandError, match=message):
        run_vanish(tmp_path / "bad.jpg", "-o", tmp_path / "out.jpg", "--box", "1,1,9,9")
    assert not (tmp_path / "out.jpg").exists()


def test_a_missing_photo_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file or folder"):
        run_vanish(tmp_path / "no.jpg", "-o", tmp_path / "out.jpg", "--box", "1,1,9,9")


def test_an_output_without_extension_has_the_originals_format(photo: Path, tmp_path: Path) -> None:
    run_vanish(photo, "-o", tmp_path / "out", "--box", "9,9,9,9", "--inpainter", "patchmatch")
    assert decode(tmp_path / "out").format == "JPEG"
    (tmp_path / "deep.tif").write_bytes(
        encode(decode(images.build_16_bit_png(images.build_noise(40, 40, 3, bits=16))), "TIFF")
    )
    deep, out = tmp_path / "deep.tif", tmp_path / "o.tif"
    run_vanish(deep, "-o", out, "--box", "9,9,9,9", "--inpainter", "patchmatch")
    assert decode(tmp_path / "o.tif").pixels.dtype == np.uint16


def test_the_command_runs_from_a_shell_without_a_database(photo: Path, tmp_path: Path) -> None:
    source = str(photo)
    command = [sys.executable, "manage.py", "vanish", source, "-o", source, "--box", "1,1,9,9"]
    environment = {"PATH": os.environ["PATH"], "VANISH_DATA_DIR": str(tmp_path / "data")}
    refusal = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert refusal.returncode == 1
    assert "is the photo itself" in refusal.stderr
    assert "Traceback" not in refusal.stderr
    command[5] = str(tmp_path / "out.jpg")
    result = subprocess.run(
        [*command, "--inpainter", "patchmatch"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert decode(tmp_path / "out.jpg").width == 160
    assert not list(tmp_path.rglob("db.sqlite3"))


@pytest.mark.usefixtures("local_detector")
@pytest.mark.whole_way
def test_a_real_dog_vanishes(photos: Path, tmp_path: Path) -> None:
    source = photos / "legendary_2.jpg"
    run_vanish(source, "-o", tmp_path / "out.png", "--labels", "Dog", "--inpainter", "patchmatch")
    before, after = decode(source), decode(tmp_path / "out.png")
    changed = (before.pixels != after.pixels).any(axis=2)
    assert 0.05 < changed.mean() < 0.5
    assert after.icc_profile == before.icc_profile
