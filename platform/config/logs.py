"""The logging setting: plain lines for people, or one JSON object a line for machines."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TypedDict, Unpack, override

from pythonjsonlogger.json import JsonFormatter

PLAIN = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# At INFO they log whole URLs, and a signed URL is a secret (gunicorn only logs too much).
QUIET = (
    "boto3",
    "botocore",
    "gunicorn.error",
    "httpcore",
    "httpx",
    "kombu",
    "s3transfer",
    "urllib3",
)


class Ids(TypedDict, total=False):
    """The ids that a line can carry. A callable is called for each line: its id comes later."""

    request_id: object
    user_id: object
    edit_id: object
    photo_id: object


FIELDS = (*Ids.__annotations__, "client", "method", "path", "status", "seconds")

_context_ids: ContextVar[Ids] = ContextVar("_context_ids")


@contextmanager
def log_context(**ids: Unpack[Ids]) -> Iterator[None]:
    """Put these ids on every line that this thread logs inside the block."""
    previous = _context_ids.set({**_context_ids.get(Ids()), **ids})
    try:
        yield
    finally:
        _context_ids.reset(previous)


class KnownIds(logging.Filter):
    """A filter that adds the ids of `log_context` to the lines that have none of their own."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Add the ids and let every line pass."""
        for name, source in _context_ids.get(Ids()).items():
            value = source() if callable(source) else source
            if value is not None and not hasattr(record, name):
                setattr(record, name, str(value))
        return True


class JsonLines(JsonFormatter):
    """A formatter that writes known fields only: others hold requests, with signed URLs."""

    @override
    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        """Fill the JSON object of one line."""
        log_data["time"] = datetime.fromtimestamp(record.created, UTC).isoformat()
        log_data["level"] = record.levelname
        log_data["logger"] = record.name
        log_data["message"] = record.message
        for name in FIELDS:
            value = getattr(record, name, None)
            if value is not None:
                log_data[name] = value
        if "exc_info" in message_dict:
            log_data["exception"] = message_dict["exc_info"]


def build_logging_settings(level: str, log_format: str) -> dict[str, Any]:
    """Return Django's LOGGING setting: all lines from `level` on, to standard error.

    `log_format` is "plain" or "json".
    """
    quiet = max("WARNING", level, key=logging.getLevelNamesMapping().__getitem__)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "ids": {"()": KnownIds},
            # By name: its module needs Django, and Django reads these settings first.
            "requests": {"()": "web.requests.RequestIdFilter"},
        },
        "formatters": {"plain": {"format": PLAIN}, "json": {"()": JsonLines}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": log_format,
                "filters": ["ids", "requests"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {name: {"level": quiet, "propagate": True} for name in QUIET},
    }
