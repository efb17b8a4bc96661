"""Tokens: a user ticks the scopes, copies the token and revokes it."""

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.editor import Editor

pytestmark = pytest.mark.browser


def test_a_token_with_one_scope_is_created_used_and_revoked(editor: Editor) -> None:
    page = editor.page
    page.goto(f"{editor.url}/account/tokens/")
    photos = page.get_by_label("Read: Photos")
    expect(photos).to_be_disabled()  # everything may be read, so it is ticked already
    expect(photos).not_to_be_visible()
    page.get_by_label("Read everything").uncheck()
    page.get_by_label("Write everything").uncheck()
    expect(photos).to_be_enabled()
    expect(photos).to_be_visible()
    page.get_by_label("Name").fill("Web shop")
    page.get_by_role("button", name="Create token").click()
    expect(page.get_by_text("Tick what the token may do.")).to_be_visible()
    photos.check()
    page.get_by_role("button", name="Create token").click()
    expect(page.locator("#token-value")).not_to_be_empty()
    expect(photos).not_to_be_visible()  # the form is as it was: everything
    text = page.locator("#token-value").inner_text()
    token = page.locator("#token-list li").filter(has_text="Web shop")
    expect(token).to_contain_text("photos:read")
    expect(token).to_contain_text("not used yet")

    headers = {"Authorization": f"Bearer {text}"}
    with httpx.Client(base_url=f"{editor.url}/api/v1/", headers=headers) as program:
        assert program.get("photos/").status_code == 200
        assert program.get("albums/").json()["missing_scopes"] == ["albums:read"]
        page.reload()
        expect(token).to_contain_text("last used")
        token.get_by_role("button", name="Revoke Web shop").click()
        page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
        expect(token).to_have_count(0)
        assert program.get("photos/").json()["code"] == "token_unknown"


def test_the_type_of_a_problem_leads_to_its_page(editor: Editor) -> None:
    page = editor.page
    kind = httpx.get(f"{editor.url}/api/v1/me/").json()["type"]
    page.goto(editor.url + kind)
    expect(page.get_by_role("heading", name="Nobody is signed in")).to_be_visible()
    page.get_by_role("link", name="All problems").click()
    expect(page.get_by_role("link", name="mask_wrong_size")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
