"""Direct uploads in the browser: large files, lost connections and cancellation."""

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
    COMPLETION_URL,
    RouteHandler,
    Traffic,
    drop_connection,
    hold_request,
    refuse_signature,
    route_part,
)

pytestmark = pytest.mark.browser

PHOTO_PAGE = re.compile(r"/photos/[0-9a-f-]{36}/")


@pytest.fixture(scope="module")
def large_picture() -> bytes:
    """A picture of three parts."""
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
def allowed_failures(complaints: list[str]) -> Iterator[None]:
    """Requests may fail: the browser's own messages about that do not count."""
    yield
    complaints[:] = [text for text in complaints if "Failed to load resource" not in text]


@pytest.fixture
def traffic(editor: Editor) -> Traffic:
    """The parts that the page sends."""
    return Traffic(editor.page)


def test_a_large_file_becomes_a_photo(editor: Editor, traffic: Traffic, large_file: Path) -> None:
    choose(editor, large_file)
    await_photo_page(editor.page)
    expect(editor.page.locator("#photo-title")).to_have_text(re.compile("noise"))
    assert traffic.arrived == [1, 2, 3]
    assert traffic.lost == []
    assert count_unfinished(editor, large_file) == 0


@pytest.mark.usefixtures("allowed_failures")
@pytest.mark.parametrize(
    ("handler", "message"),
    [(drop_connection, "waiting for the connection"), (refuse_signature, "trying again")],
    ids=["lost", "signature expired"],
)
def test_an_upload_continues_by_itself_with_the_missing_part(
    editor: Editor,
    traffic: Traffic,
    large_file: Path,
    handler: RouteHandler,
    message: str,
) -> None:
    stop_time(editor.page)
    route_part(editor.page, 2, handler, times=1)
    choose(editor, large_file)
    await_text(editor, f"{format_first_percentage(large_file)}, {message}")
    editor.page.clock.resume()
    await_photo_page(editor.page)
    assert traffic.arrived == [1, 2, 3]
    assert traffic.lost == [2]


@pytest.mark.usefixtures("allowed_failures")
@pytest.mark.parametrize("by_itself", [False, True], ids=["by button", "online again"])
def test_an_upload_resumes_after_a_lasting_failure(
    editor: Editor, traffic: Traffic, large_file: Path, by_itself: bool
) -> None:
    route_part(editor.page, 2, drop_connection)
    choose(editor, large_file)
    again = get_row(editor).get_by_role("button", name="Try again")
    expect(again).to_be_visible(timeout=WORK_MILLISECONDS)
    expect(get_row(editor).get_by_role("alert")).to_contain_text("can't be reached")
    await_text(editor, f"stopped at {format_first_percentage(large_file)}")
    assert set(traffic.lost) == {2}

    editor.page.unroute_all()
    if by_itself:
        editor.page.evaluate("window.dispatchEvent(new Event('online'))")
    else:
        again.press("Enter")
        expect(get_row(editor).get_by_role("button", name="Cancel")).to_be_focused()
    await_photo_page(editor.page)
    assert traffic.arrived == [1, 2, 3]


@pytest.mark.usefixtures("allowed_failures")
def test_an_upload_continues_when_the_browser_is_online_again(
    editor: Editor, traffic: Traffic, large_file: Path
) -> None:
    page = editor.page
    # The clock stands still, so only the event can continue the upload.
    stop_time(page)

    def disconnect(route: Route) -> None:
        page.context.set_offline(True)
        drop_connection(route)

    route_part(page, 2, disconnect, times=1)
    choose(editor, large_file)
    await_text(editor, "waiting for the connection")
    page.context.set_offline(False)
    await_photo_page(page)
    assert traffic.arrived == [1, 2, 3]


@pytest.mark.usefixtures("allowed_failures")
def test_a_lost_response_creates_no_second_photo(editor: Editor, tmp_path: Path) -> None:
    file = tmp_path / f"answered-{uuid4()}.png"
    file.write_bytes(images.build_png())

    def drop_response(route: Route) -> None:
        assert route.fetch().status == 201
        drop_connection(route)

    editor.page.route(COMPLETION_URL, drop_response, times=1)
    editor.upload(file)
    results = editor.page.request.get(f"{editor.url}/api/v1/photos/").json()["results"]
    assert [photo["filename"] for photo in results].count(file.name) == 1


def test_a_cancelled_upload_leaves_nothing_behind(
    editor: Editor, traffic: Traffic, large_file: Path
) -> None:
    route_part(editor.page, 2, hold_request)
    choose(editor, large_file)
    await_text(editor, format_first_percentage(large_file))
    expect(get_row(editor).get_by_role("progressbar")).to_have_attribute("aria-valuenow", "46")
    assert count_unfinished(editor, large_file) == 1

    with editor.page.expect_response(lambda response: response.request.method == "DELETE"):
        get_row(editor).get_by_role("button", name="Cancel").click()
    expect(editor.page.locator("#uploads")).to_be_hidden()
    assert count_unfinished(editor, large_file) == 0
    assert traffic.arrived == [1]


def test_a_waiting_upload_is_cancelled_and_never_sent(editor: Editor, large_file: Path) -> None:
    route_part(editor.page, 1, hold_request)
    choose(editor, large_file, large_file, large_file)
    rows = editor.page.locator("#upload-list li")
    states = [re.compile("0 %"), re.compile("0 %"), re.compile("waiting")]
    expect(rows).to_have_text(states, timeout=WORK_MILLISECONDS)
    assert count_unfinished(editor, large_file) == 2
    rows.nth(2).get_by_role("button", name="Cancel").click()
    for number in (1, 0):
        with editor.page.expect_response(lambda response: response.request.method == "DELETE"):
            rows.nth(number).get_by_role("button", name="Cancel").press("Enter")
        expect(rows).to_have_count(number)
    assert count_unfinished(editor, large_file) == 0
    expect(editor.page.locator("#upload-input")).to_be_focused()


@pytest.mark.usefixtures("allowed_failures")
def test_a_file_that_is_no_picture_ends_with_an_error(editor: Editor, tmp_path: Path) -> None:
    bad = tmp_path / f"notes-{uuid4()}.jpg"
    bad.write_bytes(b"%!PS-Adobe-3.0 these are no pixels")
    with editor.page.expect_response(lambda response: response.request.method == "DELETE"):
        choose(editor, bad)
    expect(get_row(editor).get_by_role("alert")).to_contain_text("not a picture")
    expect(get_row(editor).get_by_role("button")).to_have_count(0)
    assert count_unfinished(editor, bad) == 0
    editor.page.get_by_role("button", name="Clear finished").click()
    expect(get_row(editor)).to_have_count(0)


def choose(editor: Editor, *files: Path) -> None:
    """Choose files with the upload button."""
    editor.choose(*files)


def get_row(editor: Editor) -> Locator:
    """Return the row of the only upload."""
    return editor.page.locator("#upload-list li")


def await_text(editor: Editor, text: str) -> None:
    """Wait until the row of the upload shows this text."""
    expect(get_row(editor)).to_contain_text(text, timeout=WORK_MILLISECONDS)


def stop_time(page: Page) -> None:
    """Stop the clock of the page's scripts; requests continue."""
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))


def await_photo_page(page: Page) -> None:
    """Wait until the page of the uploaded photo opens."""
    page.wait_for_url(PHOTO_PAGE, timeout=WORK_MILLISECONDS)


def count_unfinished(editor: Editor, file: Path) -> int:
    """Return how many unfinished uploads with this name the server has."""
    results = editor.page.request.get(f"{editor.url}/api/v1/uploads/").json()["results"]
    return [upload["filename"] for upload in results].count(file.name)


def format_first_percentage(file: Path) -> str:
    """Return the percentage that the row shows once one part has arrived."""
    return f"{PART_BYTES / file.stat().st_size * 100:.0f} %"
