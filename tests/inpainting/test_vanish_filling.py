"""The command's options about how the removed area is filled."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests import images
from vision import masks
from vision.images import decode

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


def test_a_result_that_does_not_exist_is_refused(photo: Path) -> None:
    with pytest.raises(CommandError, match="There is no result number 100"):
        call_command(
            "vanish",
            *map(str, [photo, "-o", photo.with_name("out.png"), *BOX, "--variant", "99"]),
        )
