"""A real Chromium before the whole running platform, which all these tests share."""

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
    """The installed Chromium, without its own traffic.

    Not for the whole session: Playwright's event loop would stand in the way of the database.
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
    """Every browser test runs at both sizes; the phone has touch."""
    is_phone = request.param is PHONE
    with browser.new_context(viewport=request.param, has_touch=is_phone) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab."""
    return context.new_page()


@pytest.fixture
def complaints(context: BrowserContext) -> Iterator[list[str]]:
    """What scripts and the content policy complain of; there must be nothing."""
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            heard.append(message.text)

    context.on("console", hear)
    context.on("weberror", lambda error: heard.append(str(error.error)))
    yield heard
    assert heard == []


@pytest.fixture
def editor(page: Page, installation: Installation, complaints: list[str]) -> Editor:
    """Signed in to the demo account."""
    editor = Editor(page, installation.url)
    editor.sign_in_to_demo()
    return editor
