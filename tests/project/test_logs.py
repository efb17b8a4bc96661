"""Lines for machines are one JSON object each, with the ids of what they are about."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from threading import Thread

import pytest

from config.logs import JsonLines, KnownIds, build_logging_settings, log_context
from processes.programs import build_environment


class Lines:
    """A logger of the test's own that writes as the platform's do."""

    def __init__(self) -> None:
        self._text = StringIO()
        self.handler = logging.StreamHandler(self._text)
        self.handler.setFormatter(JsonLines())
        self.handler.addFilter(KnownIds())
        self.logger = logging.getLogger("tests.lines")

    def read(self) -> list[dict[str, object]]:
        """What was written so far."""
        return [json.loads(line) for line in self._text.getvalue().splitlines()]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """A place to write to."""
    lines = Lines()
    lines.logger.addHandler(lines.handler)
    yield lines
    lines.logger.removeHandler(lines.handler)


def test_a_line_says_when_how_bad_who_and_what(lines: Lines) -> None:
    before = datetime.now(UTC)
    lines.logger.warning("Lost %d of\n%s", 1, "two")

    (line,) = lines.read()
    time = datetime.fromisoformat(str(line.pop("time")))
    assert before <= time <= datetime.now(UTC)
    assert line == {"level": "WARNING", "logger": "tests.lines", "message": "Lost 1 of\ntwo"}


def test_an_exception_is_part_of_its_line(lines: Lines) -> None:
    try:
        raise RuntimeError("out of paint")
    except RuntimeError:
        lines.logger.exception("It failed")

    (line,) = lines.read()
    assert str(line["exception"]).startswith("Traceback")
    assert str(line["exception"]).endswith("RuntimeError: out of paint")


def test_ids_are_on_all_lines_of_their_block_and_on_no_other(lines: Lines) -> None:
    names = ("request_id", "user_id", "edit_id", "photo_id")
    with log_context(edit_id="e1", photo_id=7):
        lines.logger.warning("one")
        with log_context(photo_id="p2", request_id="r1"):
            lines.logger.warning("two")
        lines.logger.warning("three")
    lines.logger.warning("four")

    found = [{name: line[name] for name in names if name in line} for line in lines.read()]
    assert found == [
        {"edit_id": "e1", "photo_id": "7"},
        {"edit_id": "e1", "photo_id": "p2", "request_id": "r1"},
        {"edit_id": "e1", "photo_id": "7"},
        {},
    ]


def test_ids_end_with_a_block_that_failed(lines: Lines) -> None:
    with pytest.raises(RuntimeError), log_context(edit_id="e1"):
        raise RuntimeError
    lines.logger.warning("after")

    assert "edit_id" not in lines.read()[0]


def test_ids_are_not_another_threads(lines: Lines) -> None:
    with log_context(edit_id="e1"):
        thread = Thread(target=lines.logger.warning, args=["elsewhere"])
        thread.start()
        thread.join()

    assert "edit_id" not in lines.read()[0]


def test_an_id_that_is_found_later_is_on_the_lines_after(lines: Lines) -> None:
    users: list[int] = []
    with log_context(user_id=lambda: users[0] if users else None):
        lines.logger.warning("before")
        users.append(3)
        lines.logger.warning("after")

    before, after = lines.read()
    assert "user_id" not in before
    assert after["user_id"] == "3"


def test_what_is_not_known_to_be_harmless_is_left_out(lines: Lines) -> None:
    lines.logger.warning("Not Found", extra={"request": "/?X-Amz-Signature=s", "status": 404})

    (line,) = lines.read()
    assert line["status"] == 404
    assert "request" not in line


def said(log_format: str, level: str, program: str) -> list[str]:
    """What a fresh process writes that uses the settings before Django is set up."""
    start = (
        "from logging import getLogger\n"
        "from logging.config import dictConfig\n"
        "from config.logs import log_context, build_logging_settings\n"
        f"dictConfig(build_logging_settings({level!r}, {log_format!r}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", start + program],
        env=build_environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_json_lines_go_to_standard_error() -> None:
    lines = said(
        "json",
        "INFO",
        "with log_context(edit_id='e1'):\n"
        "    getLogger('here').info('one')\n"
        "getLogger('here').debug('two')\n",
    )

    (line,) = (json.loads(line) for line in lines)
    assert (line["logger"], line["message"], line["edit_id"]) == ("here", "one", "e1")


def test_plain_lines_are_for_people() -> None:
    (line,) = said("plain", "INFO", "getLogger('here').info('one')")

    assert line.endswith(" INFO here: one")


@pytest.mark.parametrize(
    ("level", "shown"), [("DEBUG", "WARNING"), ("WARNING", "WARNING"), ("ERROR", "ERROR")]
)
def test_libraries_that_log_signed_addresses_stay_quiet(level: str, shown: str) -> None:
    loggers = build_logging_settings(level, "plain")["loggers"]

    for name in ("httpx", "botocore", "boto3", "urllib3", "s3transfer", "kombu"):
        assert loggers[name]["level"] == shown
