"""The one strict reader of the environment: a bad value stops the start and is named."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit


class BadSetting(Exception):
    """An environment variable that is missing or cannot be read; the message names it."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}")
        self.name = name


class Env:
    """Typed reads of environment variables. An empty variable counts as not set."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = os.environ if values is None else values

    def text(self, name: str, default: str = "") -> str:
        """The variable's text without surrounding white space."""
        return self._values.get(name, "").strip() or default

    def required(self, name: str, why: str) -> str:
        """Like `text`; raises BadSetting with `why` when it is not set."""
        value = self.text(name)
        if not value:
            raise BadSetting(name, f"must be set: {why}")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """true/false, yes/no, on/off, 1/0."""
        value = self.text(name).lower()
        if not value:
            return default
        if value in {"1", "true", "yes", "on"}:
            return True
        if value in {"0", "false", "no", "off"}:
            return False
        raise BadSetting(name, f"{value!r} is neither true nor false")

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        """A whole number in [low, high]."""
        value = self.text(name)
        if not value:
            return default
        try:
            number = int(value)
        except ValueError:
            raise BadSetting(name, f"{value!r} is not a whole number") from None
        if not low <= number <= high:
            raise BadSetting(name, f"{number} is not between {low} and {high}")
        return number

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        """One of `choices`."""
        value = self.text(name, default)
        if value not in choices:
            raise BadSetting(name, f"{value!r} is not one of {', '.join(choices)}")
        return value

    def names(self, name: str) -> list[str]:
        """A comma-separated list, without empty members."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def address(self, name: str, default: str, *, schemes: tuple[str, ...]) -> str:
        """A URL with one of `schemes`."""
        value = self.text(name, default)
        if value.partition("://")[0] not in schemes:
            raise BadSetting(name, f"must begin with {' or '.join(f'{s}://' for s in schemes)}")
        return value

    def folder(self, name: str, default: Path | None) -> Path | None:
        """A path, made absolute. Raises BadSetting when a file stands there."""
        value = self.text(name)
        path = Path(value).expanduser().resolve() if value else default
        if path is not None and path.exists() and not path.is_dir():
            raise BadSetting(name, f"{path} is not a folder")
        return path

    def database(self, name: str, sqlite_file: Path) -> dict[str, object]:
        """Django's DATABASES entry: from postgres://USER:PASSWORD@HOST:PORT/NAME, or SQLite."""
        value = self.text(name)
        if not value:
            return _sqlite(sqlite_file)
        parts = urlsplit(value)
        if parts.scheme not in {"postgres", "postgresql"}:
            raise BadSetting(name, "only postgres://USER:PASSWORD@HOST:PORT/NAME is understood")
        database = unquote(parts.path.lstrip("/"))
        if not database or not parts.hostname:
            raise BadSetting(name, "the host or the name of the database is missing")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": database,
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname,
            "PORT": str(_port(name, parts) or 5432),
            "CONN_HEALTH_CHECKS": True,
        }

    def mailer(self, name: str) -> dict[str, object]:
        """Django's MAILERS entry: from smtp[s]://USER:PASSWORD@HOST:PORT, or the console.

        smtp speaks STARTTLS, smtps TLS from the start.
        """
        value = self.text(name)
        if not value:
            return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
        parts = urlsplit(value)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise BadSetting(name, "only smtp[s]://USER:PASSWORD@HOST:PORT is understood")
        is_tls = parts.scheme == "smtps"
        return {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": parts.hostname,
                "port": _port(name, parts) or (465 if is_tls else 587),
                "username": unquote(parts.username or ""),
                "password": unquote(parts.password or ""),
                "use_ssl": is_tls,
                "use_tls": not is_tls,
                "timeout": 10,
            },
        }


def _port(name: str, parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise BadSetting(name, "the port is not a number") from None


def _sqlite(file: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
