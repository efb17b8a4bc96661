"""What the editor says before the work: of the hole, and of the file."""

import os
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests import images
from tests.browser.editor import Editor

pytestmark = pytest.mark.browser

MIDDLE = [(x, y) for x in (0.35, 0.5, 0.65) for y in (0.35, 0.6)]
SIDES = [(x, y) for x in (0.02, 0.96) for y in (0.1, 0.45, 0.8)]
RIM = [*SIDES, *((x, 0.96) for x in (0.2, 0.4, 0.6, 0.8))]


@pytest.fixture
def photo(editor: Editor, tmp_path: Path) -> Editor:
    """A photo is open."""
    file = tmp_path / "plain.jpg"
    file.write_bytes(images.build_jpeg(1200, 800))
    editor.upload(file)
    return editor


def keep(editor: Editor, name: str) -> None:
    """A screenshot, where somebody wants to look."""
    if folder := os.environ.get("VANISH_SCREENSHOTS"):
        size = editor.page.viewport_size
        assert size is not None
        editor.page.screenshot(path=Path(folder) / f"{name}-{size['width']}.png")


def paint_with(editor: Editor, size: int, *shares: tuple[float, float]) -> None:
    """A dab at each place with the brush's slider at `size`."""
    editor.page.locator("#mode-brush").click()
    editor.page.locator("#brush-size").fill(str(size))
    for x, y in shares:
        editor.paint(x, y)


def test_a_large_hole_is_warned_of_and_can_be_removed(photo: Editor) -> None:
    page = photo.page
    notice = page.locator("#forewarnings")
    expect(notice).to_have_role("status")
    paint_with(photo, 40, (0.3, 0.4))
    with page.expect_response(re.compile("/edits/forewarnings/")):
        photo.paint(0.6, 0.4)
    expect(notice).to_be_empty()

    paint_with(photo, 100, *MIDDLE)
    expect(notice).to_contain_text("of the photo. So large a hole")
    expect(notice.locator(".notice")).to_have_count(1)
    keep(photo, "forewarning")

    for _ in MIDDLE:
        page.locator("#brush-undo").click()
    expect(notice).to_be_empty()

    paint_with(photo, 100, *MIDDLE, *RIM)
    expect(notice).to_contain_text("of the photo's edge")
    keep(photo, "forewarnings")
    expect(page.locator("#remove")).to_be_enabled()
    photo.remove()
    expect(photo.jobs.first).to_contain_text("Remove a marked area")
    expect(notice).to_be_empty()


def test_what_the_file_lost_is_told_until_the_first_edit(editor: Editor, tmp_path: Path) -> None:
    frames = [Image.new("RGB", (300, 200), colour) for colour in ("red", "blue", "lime")]
    file = tmp_path / "moving.gif"
    frames[0].save(file, save_all=True, append_images=frames[1:])
    editor.upload(file)
    told = "The first of 3 frames is used."
    expect(editor.page.locator("#photo-notes")).to_have_text(told)
    keep(editor, "notes")
    editor.paint(0.5, 0.5)
    editor.remove()
    editor.await_steps(2)
    expect(editor.page.locator("#photo-notes")).to_be_hidden()
    expect(editor.page.locator("#about-list")).to_contain_text(told.removesuffix("."))


def test_several_uploads_tell_it_too(editor: Editor, tmp_path: Path) -> None:
    still, moving = tmp_path / "still.png", tmp_path / "moving.webp"
    still.write_bytes(images.build_png())
    frames = [Image.new("RGB", (300, 200), colour) for colour in ("red", "blue")]
    frames[0].save(moving, save_all=True, append_images=frames[1:])
    editor.upload_several(still, moving)
    expect(editor.page.locator("#upload-list .upload-notes")).to_have_text(
        ["The first of 2 frames is used."]
    )
    keep(editor, "uploads")
