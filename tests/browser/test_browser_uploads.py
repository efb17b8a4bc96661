"""Direct uploads as a person sees them: large files, lost connections, second thoughts."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from gallery.storage.base import PART_BYTES
from tests import images
from tests.browser.editor import WORK_MILLISECONDS, Editor
from tests.browser.upload_traffic import (
    TAKE_IN,
    Hindrance,
    Traffic,
    hinder_part,
    hold,
    lose,
    refuse,
)

pytestmark = pytest.mark.browser

PHOTO_PAGE = re.compile(r"/photos/[0-9a-f-]{36}/")


@pytest.fixture(scope="module")
def large_picture() -> bytes:
    """Of three parts."""
    data = images.encode_pixels(images.build_noise(1900, 2000), "PNG", compress_level=0)
    assert 2 * PART_BYTES < len(data) < 3 * PART_BYTES
    return data


@pytest.fixture
def large_file(large_picture: bytes, tmp_path: Path) -> Path:
    """The picture under a name that no other test uses."""
    file = tmp_path / f"noise-{uuid4()}.png"
    file.write_bytes(large_picture)
    return file


@pytest.fixture
def losses(complaints: list[str]) -> Iterator[None]:
    """Requests may fail; the browser itself notes each in its console."""
    yield
    complaints[:] = [text for text in complaints if "Failed to load resource" not in text]


@pytest.fixture
def traffic(editor: Editor) -> Traffic:
    """What goes over the line."""
    return Traffic(editor.page)


def test_a_large_file_becomes_a_photo(editor: Editor, traffic: Traffic, large_file: Path) -> None:
    choose(editor, large_file)
    await_photo_page(editor.page)
    expect(editor.page.locator("#photo-title")).to_have_text(re.compile("noise"))
    assert traffic.arrived == [1, 2, 3]
    assert traffic.lost == []
    assert unfinished(editor, large_file) == 0


@pytest.mark.usefixtures("losses")
@pytest.mark.parametrize(
    ("hindrance", "told"),
    [(lose, "waiting for the connection"), (refuse, "trying again")],
    ids=["lost", "signature over"],
)
def test_it_goes_on_by_itself_with_what_is_missing(
    editor: Editor,
    traffic: Traffic,
    large_file: Path,
    hindrance: Hindrance,
    told: str,
) -> None:
    stop_time(editor.page)
    hinder_part(editor.page, 2, hindrance, times=1)
    choose(editor, large_file)
    await_words(editor, f"{share_of_first_part(large_file)}, {told}")
    editor.page.clock.resume()
    await_photo_page(editor.page)
    assert traffic.arrived == [1, 2, 3]
    assert traffic.lost == [2]


@pytest.mark.usefixtures("losses")
@pytest.mark.parametrize("by_itself", [False, True], ids=["asked to", "online again"])
def test_it_resumes_after_a_lasting_failure(
    editor: Editor, traffic: Traffic, large_file: Path, by_itself: bool
) -> None:
    hinder_part(editor.page, 2, lose)
    choose(editor, large_file)
    again = row(editor).get_by_role("button", name="Try again")
    expect(again).to_be_visible(timeout=WORK_MILLISECONDS)
    expect(row(editor).get_by_role("alert")).to_contain_text("can't be reached")
    await_words(editor, f"stopped at {share_of_first_part(large_file)}")
    assert set(traffic.lost) == {2}

    editor.page.unroute_all()
    if by_itself:
        editor.page.evaluate("window.dispatchEvent(new Event('online'))")
    else:
        again.press("Enter")
        expect(row(editor).get_by_role("button", name="Cancel")).to_be_focused()
    await_photo_page(editor.page)
    assert traffic.arrived == [1, 2, 3]


@pytest.mark.usefixtures("losses")
def test_it_goes_on_when_the_browser_is_online_again(
    editor: Editor, traffic: Traffic, large_file: Path
) -> None:
    page = editor.page
    # So nothing but the event can wake it.
    stop_time(page)

    def go_offline(route: Route) -> None:
        page.context.set_offline(True)
        lose(route)

    hinder_part(page, 2, go_offline, times=1)
    choose(editor, large_file)
    await_words(editor, "waiting for the connection")
    page.context.set_offline(False)
    await_photo_page(page)
    assert traffic.arrived == [1, 2, 3]


@pytest.mark.usefixtures("losses")
def test_a_lost_answer_makes_no_second_photo(editor: Editor, tmp_path: Path) -> None:
    file = tmp_path / f"answered-{uuid4()}.png"
    file.write_bytes(images.build_png())

    def lose_answer(route: Route) -> None:
        assert route.fetch().status == 201
        lose(route)

    editor.page.route(TAKE_IN, lose_answer, times=1)
    editor.upload(file)
    found = editor.page.request.get(f"{editor.url}/api/v1/photos/").json()["results"]
    assert [photo["filename"] for photo in found].count(file.name) == 1


def test_cancel_leaves_nothing_behind(editor: Editor, traffic: Traffic, large_file: Path) -> None:
    hinder_part(editor.page, 2, hold)
    choose(editor, large_file)
    await_words(editor, share_of_first_part(large_file))
    expect(row(editor).get_by_role("progressbar")).to_have_attribute("aria-valuenow", "46")
    assert unfinished(editor, large_file) == 1

    with editor.page.expect_response(lambda answer: answer.request.method == "DELETE"):
        row(editor).get_by_role("button", name="Cancel").click()
    expect(editor.page.locator("#uploads")).to_be_hidden()
    assert unfinished(editor, large_file) == 0
    assert traffic.arrived == [1]


def test_what_waits_is_cancelled_and_never_sent(editor: Editor, large_file: Path) -> None:
    hinder_part(editor.page, 1, hold)
    choose(editor, large_file, large_file, large_file)
    rows = editor.page.locator("#upload-list li")
    states = [re.compile("0 %"), re.compile("0 %"), re.compile("waiting")]
    expect(rows).to_have_text(states, timeout=WORK_MILLISECONDS)
    assert unfinished(editor, large_file) == 2
    rows.nth(2).get_by_role("button", name="Cancel").click()
    for number in (1, 0):
        with editor.page.expect_response(lambda answer: answer.request.method == "DELETE"):
            rows.nth(number).get_by_role("button", name="Cancel").press("Enter")
        expect(rows).to_have_count(number)
    assert unfinished(editor, large_file) == 0
    expect(editor.page.locator("#upload-input")).to_be_focused()


@pytest.mark.usefixtures("losses")
def test_what_is_no_picture_ends_with_its_error(editor: Editor, tmp_path: Path) -> None:
    bad = tmp_path / f"notes-{uuid4()}.jpg"
    bad.write_bytes(b"%!PS-Adobe-3.0 these are no pixels")
    with editor.page.expect_response(lambda answer: answer.request.method == "DELETE"):
        choose(editor, bad)
    expect(row(editor).get_by_role("alert")).to_contain_text("not a picture")
    expect(row(editor).get_by_role("button")).to_have_count(0)
    assert unfinished(editor, bad) == 0
    editor.page.get_by_role("button", name="Clear finished").click()
    expect(row(editor)).to_have_count(0)


def choose(editor: Editor, *files: Path) -> None:
    """Pick them with the button."""
    editor.choose(*files)


def row(editor: Editor) -> Locator:
    """The upload's row; for tests of one upload."""
    return editor.page.locator("#upload-list li")


def await_words(editor: Editor, words: str) -> None:
    """The upload's row comes to say that."""
    expect(row(editor)).to_contain_text(words, timeout=WORK_MILLISECONDS)


def stop_time(page: Page) -> None:
    """For the page's scripts; what goes over the line goes on."""
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))


def await_photo_page(page: Page) -> None:
    """A single upload's page opens by itself."""
    page.wait_for_url(PHOTO_PAGE, timeout=WORK_MILLISECONDS)


def unfinished(editor: Editor, file: Path) -> int:
    """How many uploads of that name the server still waits for."""
    found = editor.page.request.get(f"{editor.url}/api/v1/uploads/").json()["results"]
    return [upload["filename"] for upload in found].count(file.name)


def share_of_first_part(file: Path) -> str:
    """What the row says once one part has arrived."""
    return f"{PART_BYTES / file.stat().st_size * 100:.0f} %"
