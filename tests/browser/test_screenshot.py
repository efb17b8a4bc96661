"""The pictures in README.md, of example photos only; VANISH_SCREENSHOTS names their folder."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.editor import Editor
from vision.images import decode

pytestmark = pytest.mark.browser

EXAMPLE = "Man walking on a road"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder for the screenshots."""
    return Path(os.environ.get("VANISH_SCREENSHOTS") or tmp_path)


def test_the_editor_shows_an_example(editor: Editor, test_data: Path, folder: Path) -> None:
    page = editor.page
    editor.pick_example(EXAMPLE)
    editor.check_object("person")
    editor.remove()
    editor.await_steps(2)
    expect(page.get_by_text("Unsplash licence").first).to_be_attached()
    page.locator("#compare-toggle").click()
    expect(page.locator("#stage-compare")).to_be_visible()
    page.wait_for_load_state("networkidle")
    _save_screenshot(page, folder, "editor")


def test_the_gallery_shows_the_examples(editor: Editor, folder: Path) -> None:
    expect(editor.page.locator("#photo-grid li").first).to_be_visible()
    editor.page.wait_for_load_state("networkidle")
    _save_screenshot(editor.page, folder, "gallery")


def _save_screenshot(page: Page, folder: Path, name: str) -> None:
    """Save a screenshot and check that it is not blank."""
    assert page.viewport_size is not None
    width = page.viewport_size["width"]
    file = folder / f"{name}-{width}.png"
    page.screenshot(path=file)
    picture = decode(file)
    assert picture.width == width
    assert picture.pixels.std() > 20, "the page is blank"
