"""Share links: the owner creates one, a visitor opens it, the owner revokes it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.browser.editor import Editor
from vision.images import decode

pytestmark = pytest.mark.browser

PHOTO_PAGE = re.compile(r"/shared/[^/]+/[0-9a-f-]{36}/$")


@pytest.fixture
def visitor(browser: Browser, context: BrowserContext) -> Iterator[Page]:
    """A page in a new browser context without an account, as large as the owner's."""
    messages: list[str] = []
    size = context.pages[0].viewport_size
    with browser.new_context(viewport=size) as other:
        other.on("console", lambda message: messages.append(message.text))
        yield other.new_page()
    # The browser itself logs the one response that is expected to be a 404.
    assert [text for text in messages if "404" not in text] == []


def create_album(editor: Editor, photo: Path) -> str:
    """Create an album with one photo; return its URL."""
    page = editor.page
    page.get_by_role("button", name="New album").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Summer")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/albums/*/")
    album = page.url
    editor.upload(photo)
    return album


def create_link(dialog: Locator, ends: str) -> str:
    """Create a share link in the dialog; return its URL as shown."""
    dialog.get_by_label("The link ends").select_option(ends)
    dialog.get_by_role("button", name="Make a link").click()
    expect(dialog.get_by_text("The link is made.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Copy")).to_be_focused()
    return dialog.get_by_label("Address of the link").input_value()


def revoke(page: Page, dialog: Locator) -> None:
    """Revoke the link of the dialog."""
    dialog.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog", name="Revoke this link?").get_by_role(
        "button", name="Revoke"
    ).click()
    expect(dialog.get_by_text("The link is revoked.")).to_be_visible()
    expect(dialog.get_by_label("Address of the link")).to_have_count(0)


def expect_loaded(picture: Locator) -> None:
    """Check that the picture is visible and loaded."""
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("image => image.naturalWidth") > 0


def expect_gone(page: Page) -> None:
    """Check that the page is a 404 after a reload."""
    response = page.reload()
    assert response is not None
    assert response.status == 404
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_the_sharing_button_works_while_the_album_still_loads(editor: Editor, photos: Path) -> None:
    page = editor.page
    album = create_album(editor, photos / "legendary_4.jpg")

    def delay_response(route: Route) -> None:
        page.wait_for_timeout(500)
        route.continue_()

    page.route(re.compile(r"/api/v1/albums/[^/]+/$"), delay_response)
    page.goto(album)
    page.get_by_role("button", name="Sharing").click()
    expect(page.get_by_role("dialog", name="Sharing")).to_be_visible()
    page.unroute_all()


def test_an_album_is_shared_until_its_link_is_revoked(
    editor: Editor, context: BrowserContext, visitor: Page, photos: Path, tmp_path: Path
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = editor.page
    page.goto(create_album(editor, photos / "legendary_2.jpg"))
    page.get_by_role("button", name="Sharing").click()
    dialog = page.get_by_role("dialog", name="Sharing")
    address = create_link(dialog, "after 7 days")
    expect(dialog.get_by_text("The whole album · ends")).to_be_visible()
    dialog.get_by_role("button", name="Copy").click()
    expect(dialog.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address

    visitor.goto(address)
    expect(visitor.get_by_role("heading", name="Summer")).to_be_visible()
    expect_loaded(visitor.locator(".card img"))
    visitor.get_by_role("link", name="Photo 1").click()
    visitor.wait_for_url(PHOTO_PAGE)
    expect_loaded(visitor.get_by_role("img", name="Photo 1"))
    with visitor.expect_download() as started:
        visitor.get_by_role("link", name="Download").click()
    started.value.save_as(tmp_path / "kept.jpg")
    assert started.value.suggested_filename == "photo-1.jpg"
    original = decode((photos / "legendary_2.jpg").read_bytes())
    assert decode((tmp_path / "kept.jpg").read_bytes()).pixels.shape == original.pixels.shape
    assert visitor.context.cookies() == []

    revoke(page, dialog)
    expect_gone(visitor)


def test_one_photo_is_shared_from_its_menu(editor: Editor, visitor: Page, photos: Path) -> None:
    create_album(editor, photos / "legendary_3.jpg")
    page = editor.page
    page.locator("#more-menu summary").click()
    page.get_by_role("button", name="Share link").click()
    dialog = page.get_by_role("dialog", name="Share this photo")
    dialog.get_by_label("Always show the newest edit").check()
    address = create_link(dialog, "never")
    expect(dialog.get_by_text("It never ends and shows later edits.")).to_be_visible()

    visitor.goto(address)
    expect(visitor.get_by_role("heading", name="Photo 1")).to_be_visible()
    expect_loaded(visitor.get_by_role("img", name="Photo 1"))
    expect(visitor.get_by_text("Summer")).to_have_count(0)

    revoke(page, dialog)
    expect_gone(visitor)
