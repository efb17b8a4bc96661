"""The command's options about how the removed area is filled."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests import images
from vision import masks
from vision.detectors import Detection
from vision.errors import MaskRejected
from vision.files import Engines, Filling, remove_from_file
from vision.images import Picture, decode
from vision.inpainters.patchmatch import PatchMatchInpainter
from vision.mask_reading import MaskFile
from vision.selections import Selection
from vision.weights import ModelStore

BOX = ("--box", "80,40,20,20", "--inpainter", "patchmatch")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A small photo, and beside it `left.png`, which marks its left third."""
    (tmp_path / "photo.jpg").write_bytes(images.build_jpeg(160, 120))
    marked = masks.from_boxes((120, 160), [(0, 0, 60, 120)])
    (tmp_path / "left.png").write_bytes(masks.to_png(marked))
    return tmp_path / "photo.jpg"


def test_what_is_copied_and_the_result_can_be_chosen(photo: Path) -> None:
    left = photo.with_name("left.png")
    fills: list[images.Pixels] = []
    for options in ([], ["--copy-from", left], ["--protect", left], ["--variant", "1"]):
        target = photo.with_name(f"{len(fills)}.png")
        call_command("vanish", *map(str, [photo, "-o", target, *BOX, *options]))
        fills.append(decode(target).pixels[40:60, 80:100])
    plain, from_left, without_left, second = fills
    assert (plain != from_left).any()
    assert (from_left != without_left).any()
    assert (plain != second).any()


def test_a_source_that_is_removed_too_is_refused(photo: Path) -> None:
    options = ["--box", "0,0,100,120", "--copy-from", photo.with_name("left.png")]
    with pytest.raises(CommandError, match="Nothing is left to copy from"):
        call_command("vanish", *map(str, [photo, "-o", photo.with_name("out.png"), *BOX, *options]))


def test_a_result_that_does_not_exist_is_refused_before_any_photo_is_opened(photo: Path) -> None:
    photo.write_bytes(b"no photo")
    with pytest.raises(CommandError, match="There is no result number 10"):
        call_command(
            "vanish",
            *map(str, [photo, "-o", photo.with_name("out.png"), *BOX, "--variant", "9"]),
        )


class UnusedDetector:
    """A detector that must not be asked."""

    name = "unused"

    def detect(self, picture: Picture) -> list[Detection]:
        raise AssertionError(f"{picture.format} was examined")


@pytest.mark.parametrize(
    "filling", [Filling(source=MaskFile(b"no mask")), Filling(protect=MaskFile(b"no mask"))]
)
def test_a_mask_of_areas_is_read_before_objects_are_searched_for(
    photo: Path, filling: Filling
) -> None:
    engines = Engines(ModelStore(photo.parent), PatchMatchInpainter(), UnusedDetector())
    with pytest.raises(MaskRejected):
        remove_from_file(
            photo,
            photo.with_name("out.png"),
            Selection(labels=("person",)),
            engines,
            filling=filling,
        )
