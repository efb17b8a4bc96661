"""What is written to the log: plain lines for people, or one JSON object a line for machines."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TypedDict, Unpack, override

from pythonjsonlogger.json import JsonFormatter

PLAIN = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# At INFO they log whole addresses, and a signed address is a secret (gunicorn is only talkative).
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
    """What a line can be about. A callable is asked at each line, for what becomes known later."""

    request_id: object
    user_id: object
    edit_id: object
    photo_id: object


FIELDS = (*Ids.__annotations__, "client", "method", "path", "status", "seconds")

_known: ContextVar[Ids] = ContextVar("_known")


@contextmanager
def log_context(**ids: Unpack[Ids]) -> Iterator[None]:
    """Put these ids on every line that this thread logs inside the block."""
    before = _known.set({**_known.get(Ids()), **ids})
    try:
        yield
    finally:
        _known.reset(before)


class KnownIds(logging.Filter):
    """Puts the ids of `log_context` on the lines that have none of their own."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every line pass."""
        for name, known in _known.get(Ids()).items():
            value = known() if callable(known) else known
            if value is not None and not hasattr(record, name):
                setattr(record, name, str(value))
        return True


class JsonLines(JsonFormatter):
    """Writes known fields only: others hold requests, and so addresses with signatures."""

    @override
    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        """Fill the object of one line."""
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


def logging_settings(level: str, log_format: str) -> dict[str, Any]:
    """Django's LOGGING: everything from `level` on to standard error, "plain" or as "json"."""
    quiet = max("WARNING", level, key=logging.getLevelNamesMapping().__getitem__)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "ids": {"()": KnownIds},
            # By name, since it needs Django, which reads this first.
            "requests": {"()": "web.requests.RequestLines"},
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
