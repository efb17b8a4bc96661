"""Which part of a file a Range header selects (RFC 9110, section 14)."""

import io

import pytest

from web.byte_ranges import ByteRange, FileSlice, select_range
from web.errors import Problem

TAG = '"abc"'
SIZE = 1000


@pytest.mark.parametrize(
    ("value", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-499", 0, 500),
        ("bytes=500-", 500, 1000),
        ("bytes=999-99999999999999999999", 999, 1000),
        ("bytes=-1", 999, 1000),
        ("bytes=-5000", 0, 1000),
        ("Bytes = 1-2, ", 1, 3),
    ],
)
def test_one_range_selects_its_bytes(value: str, start: int, stop: int) -> None:
    part = select_range({"Range": value}, tag=TAG, size=SIZE)
    assert part == ByteRange(start, stop)


@pytest.mark.parametrize(
    "value",
    [
        "", "bytes", "bytes=", "bytes=-", "bytes=5-4", "bytes=x-", "bytes=1", "bytes=1-2-3",
        "bytes=+1-2", "bytes=0x1-2", "bytes=1.0-2", "items=0-1", "bytes=0-1,3-4",
        "bytes=" + "9" * 5000 + "-", "bytes=\u0661-\u0662",
    ],
)  # fmt: skip
def test_a_range_that_is_not_valid_or_several_select_the_whole_file(value: str) -> None:
    assert select_range({"Range": value}, tag=TAG, size=SIZE) is None


@pytest.mark.parametrize("value", ["bytes=1000-", "bytes=1000-2000", "bytes=-0"])
def test_a_range_without_a_byte_is_refused(value: str) -> None:
    with pytest.raises(Problem) as refusal:
        select_range({"Range": value}, tag=TAG, size=SIZE)
    assert refusal.value.status == 416
    assert refusal.value.headers["Content-Range"] == "bytes */1000"


@pytest.mark.parametrize(
    "value", ['"other"', 'W/"abc"', "Tue, 01 Dec 2026 07:00:00 GMT", "abc", "*", ""]
)
def test_another_if_range_selects_the_whole_file(value: str) -> None:
    """Also instead of a refusal: the range was meant for another file."""
    for wanted in ("bytes=0-1", "bytes=5000-"):
        headers = {"Range": wanted, "If-Range": value}
        assert select_range(headers, tag=TAG, size=SIZE) is None


def test_the_same_tag_in_if_range_selects_the_part() -> None:
    headers = {"Range": "bytes=0-1", "If-Range": TAG}
    assert select_range(headers, tag=TAG, size=SIZE) == ByteRange(0, 2)


def test_a_slice_ends_after_its_range_and_closes_its_file() -> None:
    file = io.BytesIO(bytes(range(100)))
    part = FileSlice(file, ByteRange(10, 15))
    assert (part.read(2), part.read(), part.read()) == (b"\x0a\x0b", b"\x0c\x0d\x0e", b"")
    assert b"".join(FileSlice(file, ByteRange(98, 100))) == b"\x62\x63"
    part.close()
    assert file.closed
