"""The actions of a user in the editor, for the browser tests."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from vision.images import Picture, decode

WORK_MILLISECONDS = 90_000


class Editor:
    """The photo page and the pages that lead to it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def sign_in_to_demo(self) -> None:
        """Sign in with the login that the landing page shows."""
        self.page.goto(self.url)
        texts = self.page.locator("code").all_inner_texts()
        email = next(text for text in texts if "@" in text)
        password = texts[texts.index(email) + 1]
        self.page.goto(f"{self.url}/accounts/login/")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password").first.fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url("**/photos/")

    def upload(self, file: Path) -> None:
        """Upload one file and wait until its page opens."""
        self.choose(file)
        self._await_photo_page()

    def choose(self, *files: Path) -> None:
        """Choose files in the dialog of the upload button, once the button is shown."""
        expect(self.page.locator("#photo-tools")).to_be_visible()
        self.page.locator("#upload-input").set_input_files(files)

    def upload_several(self, *files: Path) -> None:
        """Upload files and wait until each one is completed or refused."""
        self.choose(*files)
        ended = self.page.locator("#upload-list .upload-finished")
        expect(ended).to_have_count(len(files), timeout=WORK_MILLISECONDS)

    def pick_example(self, title: str) -> None:
        """Copy an example of the library and wait until its page opens."""
        self.page.goto(f"{self.url}/photos/")
        self.page.get_by_role("button", name="Examples").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("button", name=re.compile(title)).click()
        self._await_photo_page()

    def open(self, title: str) -> None:
        """Open the newest photo with this title."""
        self.page.goto(f"{self.url}/photos/")
        self.page.get_by_role("link", name=re.compile(title)).first.click()
        self._await_photo_page()

    def _await_photo_page(self) -> None:
        self.page.wait_for_url(re.compile(r"/photos/[0-9a-f-]{36}/"))
        expect(self.page.locator("#stage-view")).to_be_visible()

    def check_object(self, label: str) -> None:
        """Tick the first object with this label, once it has been detected."""
        box = self.page.locator("#objects-list").get_by_role(
            "checkbox", name=re.compile(label, re.I)
        )
        box.first.wait_for(timeout=WORK_MILLISECONDS)
        box.first.check()

    def remove(self) -> None:
        """Press Remove."""
        self.page.locator("#remove").click()

    def paint(self, x: float, y: float) -> None:
        """Paint a short stroke with the brush; x and y are shares of the picture."""
        if self.page.locator("#mode-brush").get_attribute("aria-pressed") != "true":
            self.page.locator("#mode-brush").click()
        area = self.page.locator("#stage-brush").bounding_box()
        assert area is not None
        left, top = area["x"] + x * area["width"], area["y"] + y * area["height"]
        self.page.mouse.move(left, top)
        self.page.mouse.down()
        self.page.mouse.move(left + 12, top + 6, steps=4)
        self.page.mouse.up()

    @property
    def steps(self) -> Locator:
        """The history's steps."""
        return self.page.locator("#history-list li")

    @property
    def shown_step(self) -> Locator:
        """The current step."""
        return self.page.locator("#history-list li[aria-current=step] .step-label")

    @property
    def jobs(self) -> Locator:
        """The running edits and those that have ended since the page opened."""
        return self.page.locator("#jobs-list li")

    def await_steps(self, number: int) -> None:
        """Wait without reloading until the history has this number of steps."""
        expect(self.steps).to_have_count(number, timeout=WORK_MILLISECONDS)

    def download(self, name: str, folder: Path) -> Picture:
        """Download with the menu; return the decoded picture."""
        self.page.locator("#download-menu summary").click()
        with self.page.expect_download() as started:
            self.page.locator("#download-list").get_by_role("link", name=name).click()
        file = folder / started.value.suggested_filename
        started.value.save_as(file)
        self.page.keyboard.press("Escape")
        return decode(file)
