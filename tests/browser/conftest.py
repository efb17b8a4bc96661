"""A real Chromium before the whole running platform."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from tests.browser.editor import Editor
from tests.installation import Installation

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser_type_launch_args(chromium: str) -> dict[str, Any]:
    """The installed Chromium, without its own traffic."""
    return {
        "executable_path": chromium,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-first-run",
        ],
    }


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def browser_context_args(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Every browser test runs at both sizes; the phone has touch."""
    is_phone = request.param is PHONE
    return {"viewport": request.param, "has_touch": is_phone, "accept_downloads": True}


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
