"""The API reference in a real browser, under the content policy."""

import pytest
from playwright.sync_api import Page, expect

from api.views.site import build_api_schema
from tests.installation import Installation

pytestmark = pytest.mark.browser


@pytest.mark.usefixtures("complaints")
def test_every_operation_is_shown_with_its_examples(page: Page, installation: Installation) -> None:
    page.goto(f"{installation.url}/docs/api/")
    operations = sum(len(methods) for methods in build_api_schema()["paths"].values())
    expect(page.locator(".opblock")).to_have_count(operations, timeout=30_000)
    operation = page.locator("#operations-edits-edits_get")
    operation.locator("button").first.click()
    expect(operation).to_contain_text("Removed dog")
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0
