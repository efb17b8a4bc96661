"""A real Chromium and a running installation, shared by all browser tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    ViewportSize,
    sync_playwright,
)

from tests.browser.editor import Editor
from tests.installation import Installation

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """The installed Chromium, without background traffic.

    Its scope is the module: Playwright's event loop would block database access elsewhere.
    """
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=[*arguments, "--no-first-run"]
        )
        yield browser
        browser.close()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    """A browser window as large as a desktop or a phone; the phone has touch."""
    is_phone = request.param is PHONE
    with browser.new_context(viewport=request.param, has_touch=is_phone) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A new tab."""
    return context.new_page()


@pytest.fixture
def complaints(context: BrowserContext) -> Iterator[list[str]]:
    """The errors and warnings of the console; at the end there must be none."""
    messages: list[str] = []

    def record_message(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            messages.append(message.text)

    context.on("console", record_message)
    context.on("weberror", lambda error: messages.append(str(error.error)))
    yield messages
    assert messages == []


@pytest.fixture
def editor(page: Page, installation: Installation, complaints: list[str]) -> Editor:
    """The editor, signed in to the demo account."""
    editor = Editor(page, installation.url)
    editor.sign_in_to_demo()
    return editor
