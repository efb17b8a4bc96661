"""The main job in the browser: upload, detect, tick, remove, compare, download."""

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Route, expect

from tests.browser.editor import WORK_MILLISECONDS, Editor
from vision.images import decode

pytestmark = pytest.mark.browser


def test_an_object_vanishes(editor: Editor, photos: Path, tmp_path: Path) -> None:
    file = photos / "legendary_2.jpg"
    editor.upload(file)
    editor.check_object("Dog")
    editor.remove()
    editor.await_steps(2)
    expect(editor.shown_step).to_have_text(re.compile("Removed dog"))
    expect(editor.jobs.first).to_contain_text("Done")
    expect(editor.page.locator("#objects-list")).not_to_contain_text("dog")

    before, after = decode(file), editor.download("PNG", tmp_path)
    assert after.pixels.shape == before.pixels.shape
    changed = (before.pixels != after.pixels).any(axis=2).mean()
    assert 0.05 < changed < 0.4
    assert editor.download("JPEG", tmp_path).format == "JPEG"
    assert after.xmp is None
    editor.page.locator("#download-menu summary").click()
    editor.page.get_by_label("Say in the file that it was edited").check()
    editor.page.keyboard.press("Escape")
    assert b"digitalsourcetype" in (editor.download("PNG", tmp_path).xmp or b"")


def test_an_edit_is_compared_undone_redone_and_restored(editor: Editor, photos: Path) -> None:
    editor.upload(photos / "legendary_4.jpg")
    editor.paint(0.2, 0.2)
    editor.remove()
    editor.await_steps(2)
    page = editor.page
    page.locator("#compare-toggle").click()
    handle = page.get_by_role("slider", name=re.compile("before or after"))
    handle.press("ArrowRight")
    expect(handle).not_to_have_attribute("aria-valuenow", "50")
    page.locator("#compare-toggle").click()

    page.locator("#undo").click()
    expect(editor.shown_step).to_have_text("Original")
    page.locator("#redo").click()
    expect(editor.shown_step).to_have_text(re.compile("Removed"))
    page.get_by_role("button", name="Restore Original").click()
    expect(editor.shown_step).to_have_text("Original")
    expect(page.locator("#undo")).to_be_disabled()
    assert editor.steps.count() == 2


def test_redo_works_while_undo_still_loads(editor: Editor, photos: Path) -> None:
    editor.upload(photos / "legendary_4.jpg")
    editor.paint(0.2, 0.2)
    editor.remove()
    editor.await_steps(2)
    page = editor.page
    slow = re.compile(r"/revisions/$")

    def delay_response(route: Route) -> None:
        page.wait_for_timeout(500)
        route.continue_()

    page.route(slow, delay_response)
    page.locator("#undo").click()
    # Redo is enabled while the history of the first press is still loading.
    page.locator("#redo").click()
    expect(page.locator("#undo")).to_be_enabled()
    expect(editor.shown_step).to_have_text(re.compile("Removed"))
    page.unroute(slow)


def test_a_second_edit_is_queued_and_builds_on_the_first(editor: Editor, photos: Path) -> None:
    editor.upload(photos / "legendary_3.jpg")
    editor.paint(0.2, 0.2)
    editor.remove()
    expect(editor.jobs).to_have_count(1)
    editor.paint(0.7, 0.3)
    editor.remove()
    editor.await_steps(3)
    expect(editor.steps.filter(has_text="Shown").locator(".step-label")).to_have_text(
        re.compile("Removed")
    )


def test_a_running_edit_is_cancelled(editor: Editor, photos: Path) -> None:
    editor.upload(photos / "budgie_perched-osprey.jpg")
    for share in np.linspace(0.15, 0.85, 8):
        editor.paint(float(share), 0.3)
    editor.remove()
    job = editor.jobs.first
    expect(job).to_contain_text("Working", timeout=WORK_MILLISECONDS)
    job.get_by_role("button", name="Cancel").click()
    expect(job).to_contain_text("Cancelled", timeout=5_000)
    assert editor.steps.count() == 1


def test_without_a_selection_the_reason_is_shown(editor: Editor) -> None:
    editor.open("Chelsea")
    expect(editor.page.locator("#remove")).to_be_disabled()
    expect(editor.page.locator("#remove-reason")).to_contain_text("Nothing is chosen")


def test_a_file_that_is_no_picture_does_not_stop_the_others(
    editor: Editor, complaints: list[str], photos: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "notes.jpg"
    bad.write_bytes(b"%!PS-Adobe-3.0 these are no pixels")
    editor.upload_several(bad, photos / "skimage_coffee.png")
    expect(editor.page.get_by_text("notes.jpg").first).to_be_visible()
    card = editor.page.get_by_role("link", name=re.compile("skimage_coffee"))
    expect(card.first).to_be_visible(timeout=WORK_MILLISECONDS)
    drop_4xx_messages(complaints)


def test_an_example_is_picked_with_its_credit(editor: Editor) -> None:
    editor.pick_example("Astronaut")
    expect(editor.page.locator("#photo-title")).to_have_text("Astronaut")
    expect(editor.page.locator("#about-list")).to_contain_text("NASA")


def test_a_private_address_is_refused(editor: Editor, complaints: list[str]) -> None:
    page = editor.page
    page.get_by_role("button", name="From a link").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("http://169.254.169.254/latest/meta-data/photo.jpg")
    dialog.get_by_role("button", name=re.compile("Import|Add|Fetch")).click()
    expect(dialog).to_contain_text(re.compile("not allowed|private|public"))
    drop_4xx_messages(complaints)


def drop_4xx_messages(complaints: list[str]) -> None:
    """Drop the messages that the browser itself logs for every 4xx response."""
    complaints[:] = [
        text for text in complaints if "the server responded with a status" not in text
    ]
