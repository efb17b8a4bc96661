"""Warnings of the editor before an edit: about the hole and about the file."""

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
LEFT_AND_RIGHT = [(x, y) for x in (0.02, 0.96) for y in (0.1, 0.45, 0.8)]
BORDER = [*LEFT_AND_RIGHT, *((x, 0.96) for x in (0.2, 0.4, 0.6, 0.8))]


@pytest.fixture
def photo(editor: Editor, tmp_path: Path) -> Editor:
    """The editor with an open photo."""
    file = tmp_path / "plain.jpg"
    file.write_bytes(images.build_jpeg(1200, 800))
    editor.upload(file)
    return editor


def save_screenshot(editor: Editor, name: str) -> None:
    """Save a screenshot if VANISH_SCREENSHOTS names a folder."""
    if folder := os.environ.get("VANISH_SCREENSHOTS"):
        size = editor.page.viewport_size
        assert size is not None
        editor.page.screenshot(path=Path(folder) / f"{name}-{size['width']}.png")


def paint_dots(editor: Editor, size: int, *shares: tuple[float, float]) -> None:
    """Paint a dot at each place with the brush's slider at `size`."""
    editor.page.locator("#mode-brush").click()
    editor.page.locator("#brush-size").fill(str(size))
    for x, y in shares:
        editor.paint(x, y)


def test_a_large_hole_gets_a_warning_and_can_be_removed(photo: Editor) -> None:
    page = photo.page
    notice = page.locator("#forewarnings")
    expect(notice).to_have_role("status")
    paint_dots(photo, 40, (0.3, 0.4))
    with page.expect_response(re.compile("/edits/forewarnings/")):
        photo.paint(0.6, 0.4)
    expect(notice).to_be_empty()

    paint_dots(photo, 100, *MIDDLE)
    expect(notice).to_contain_text("of the photo. So large a hole")
    expect(notice.locator(".notice")).to_have_count(1)
    save_screenshot(photo, "forewarning")

    for _ in MIDDLE:
        page.locator("#brush-undo").click()
    expect(notice).to_be_empty()

    paint_dots(photo, 100, *MIDDLE, *BORDER)
    expect(notice).to_contain_text("of the photo's edge")
    save_screenshot(photo, "forewarnings")
    expect(page.locator("#remove")).to_be_enabled()
    photo.remove()
    expect(photo.jobs.first).to_contain_text("Remove a marked area")
    expect(notice).to_be_empty()


def test_a_note_says_what_the_file_lost_until_the_first_edit(
    editor: Editor, tmp_path: Path
) -> None:
    frames = [Image.new("RGB", (300, 200), colour) for colour in ("red", "blue", "lime")]
    file = tmp_path / "moving.gif"
    frames[0].save(file, save_all=True, append_images=frames[1:])
    editor.upload(file)
    note = "The first of 3 frames is used."
    expect(editor.page.locator("#photo-notes")).to_have_text(note)
    save_screenshot(editor, "notes")
    editor.paint(0.5, 0.5)
    editor.remove()
    editor.await_steps(2)
    expect(editor.page.locator("#photo-notes")).to_be_hidden()
    expect(editor.page.locator("#about-list")).to_contain_text(note.removesuffix("."))


def test_several_uploads_show_their_notes(editor: Editor, tmp_path: Path) -> None:
    still, moving = tmp_path / "still.png", tmp_path / "moving.webp"
    still.write_bytes(images.build_png())
    frames = [Image.new("RGB", (300, 200), colour) for colour in ("red", "blue")]
    frames[0].save(moving, save_all=True, append_images=frames[1:])
    editor.upload_several(still, moving)
    expect(editor.page.locator("#upload-list .upload-notes")).to_have_text(
        ["The first of 2 frames is used."]
    )
    save_screenshot(editor, "uploads")
