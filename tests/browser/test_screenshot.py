"""The pictures in README.md: example-library photos only. VANISH_SCREENSHOTS keeps them."""

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
    """Where the screenshots go."""
    return Path(os.environ.get("VANISH_SCREENSHOTS") or tmp_path)


def test_the_editor_with_an_example(editor: Editor, test_data: Path, folder: Path) -> None:
    page = editor.page
    editor.pick_example(EXAMPLE)
    editor.tick("person")
    editor.remove()
    editor.await_steps(2)
    expect(page.get_by_text("Unsplash licence").first).to_be_attached()
    page.locator("#compare-toggle").click()
    expect(page.locator("#stage-compare")).to_be_visible()
    page.wait_for_load_state("networkidle")
    _keep(page, folder, "editor")


def test_the_gallery_with_examples(editor: Editor, folder: Path) -> None:
    expect(editor.page.locator("#photo-grid li").first).to_be_visible()
    editor.page.wait_for_load_state("networkidle")
    _keep(editor.page, folder, "gallery")


def _keep(page: Page, folder: Path, name: str) -> None:
    assert page.viewport_size is not None
    width = page.viewport_size["width"]
    file = folder / f"{name}-{width}.png"
    page.screenshot(path=file)
    picture = decode(file)
    assert picture.width == width
    assert picture.pixels.std() > 20, "the page is blank"
