"""Users see how much of their quotas is used."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.editor import Editor

pytestmark = pytest.mark.browser


def test_the_page_of_tokens_shows_the_usage(editor: Editor) -> None:
    editor.page.goto(f"{editor.url}/account/tokens/")
    lines = editor.page.locator("#usage-list li")

    expect(lines).to_have_text(
        [
            re.compile(r"^Storage: [\d.,]+ of 102,400 MB$"),
            re.compile(r"^Edited until .+: [\d.,]+ of 100,000 megapixels$"),
            re.compile(r"^Waiting or at work: \d+ of 1,000 edits$"),
        ]
    )
