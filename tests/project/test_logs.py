"""JSON log lines are one object each, with the ids of the request or the job."""

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
    """A separate logger that writes as the platform's loggers do."""

    def __init__(self) -> None:
        self._text = StringIO()
        self.handler = logging.StreamHandler(self._text)
        self.handler.setFormatter(JsonLines())
        self.handler.addFilter(KnownIds())
        self.logger = logging.getLogger("tests.lines")

    def read(self) -> list[dict[str, object]]:
        """Return the lines written so far."""
        return [json.loads(line) for line in self._text.getvalue().splitlines()]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """A logger whose lines can be read."""
    lines = Lines()
    lines.logger.addHandler(lines.handler)
    yield lines
    lines.logger.removeHandler(lines.handler)


def test_a_line_has_time_level_logger_and_message(lines: Lines) -> None:
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


def test_ids_are_on_the_lines_of_their_block_only(lines: Lines) -> None:
    names = ("request_id", "user_id", "edit_id", "photo_id")
    with log_context(edit_id="e1", photo_id=7):
        lines.logger.warning("one")
        with log_context(photo_id="p2", request_id="r1"):
            lines.logger.warning("two")
        lines.logger.warning("three")
    lines.logger.warning("four")

    ids = [{name: line[name] for name in names if name in line} for line in lines.read()]
    assert ids == [
        {"edit_id": "e1", "photo_id": "7"},
        {"edit_id": "e1", "photo_id": "p2", "request_id": "r1"},
        {"edit_id": "e1", "photo_id": "7"},
        {},
    ]


def test_ids_end_with_a_block_that_raises(lines: Lines) -> None:
    with pytest.raises(RuntimeError), log_context(edit_id="e1"):
        raise RuntimeError
    lines.logger.warning("after")

    assert "edit_id" not in lines.read()[0]


def test_ids_are_not_on_the_lines_of_other_threads(lines: Lines) -> None:
    with log_context(edit_id="e1"):
        thread = Thread(target=lines.logger.warning, args=["elsewhere"])
        thread.start()
        thread.join()

    assert "edit_id" not in lines.read()[0]


def test_an_id_that_becomes_known_is_on_the_lines_after(lines: Lines) -> None:
    users: list[int] = []
    with log_context(user_id=lambda: users[0] if users else None):
        lines.logger.warning("before")
        users.append(3)
        lines.logger.warning("after")

    before, after = lines.read()
    assert "user_id" not in before
    assert after["user_id"] == "3"


def test_only_allowed_extra_fields_are_written(lines: Lines) -> None:
    lines.logger.warning("Not Found", extra={"request": "/?X-Amz-Signature=s", "status": 404})

    (line,) = lines.read()
    assert line["status"] == 404
    assert "request" not in line


def run_program(log_format: str, level: str, program: str) -> list[str]:
    """Run `program` in a new process with these log settings; return its log lines."""
    start = (
        "from logging import getLogger\n"
        "from logging.config import dictConfig\n"
        "from config.logs import log_context, build_logging_settings\n"
        f"dictConfig(build_logging_settings({level!r}, {log_format!r}))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", start + program],
        env=build_environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert result.stdout == ""
    return result.stderr.splitlines()


def test_json_lines_are_written_to_standard_error() -> None:
    lines = run_program(
        "json",
        "INFO",
        "with log_context(edit_id='e1'):\n"
        "    getLogger('here').info('one')\n"
        "getLogger('here').debug('two')\n",
    )

    (line,) = (json.loads(line) for line in lines)
    assert (line["logger"], line["message"], line["edit_id"]) == ("here", "one", "e1")


def test_plain_lines_are_readable() -> None:
    (line,) = run_program("plain", "INFO", "getLogger('here').info('one')")

    assert line.endswith(" INFO here: one")


@pytest.mark.parametrize(
    ("level", "expected"), [("DEBUG", "WARNING"), ("WARNING", "WARNING"), ("ERROR", "ERROR")]
)
def test_libraries_that_log_signed_addresses_stay_quiet(level: str, expected: str) -> None:
    loggers = build_logging_settings(level, "plain")["loggers"]

    for name in ("httpx", "botocore", "boto3", "urllib3", "s3transfer", "kombu"):
        assert loggers[name]["level"] == expected
