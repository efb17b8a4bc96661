"""The one strict reader of the environment: a bad value stops the start and is named."""

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LOCAL_NAMES = {"localhost", "127.0.0.1", "::1"}


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

    def networks(self, name: str) -> list[Network]:
        """A comma-separated list of addresses and networks, like 10.0.0.0/16.

        A network of all addresses is refused: it would let everybody in.
        """
        found = []
        for part in self.names(name):
            try:
                network = ipaddress.ip_network(part)
            except ValueError:
                raise BadSetting(name, f"{part!r} is no network like 10.0.0.0/16") from None
            if network.prefixlen == 0:
                raise BadSetting(name, f"{part} is everybody: name the proxies' own network")
            found.append(network)
        return found

    def address(self, name: str, default: str, *, schemes: tuple[str, ...]) -> str:
        """A URL with one of `schemes`."""
        value = self.text(name, default)
        if value.partition("://")[0] not in schemes:
            raise BadSetting(name, f"must begin with {' or '.join(f'{s}://' for s in schemes)}")
        return value

    def endpoint(self, name: str, *, is_tls_demanded: bool) -> str | None:
        """The http(s) address of a service, or None.

        Where TLS is demanded, plain http is only taken to this machine itself.
        """
        value = self.text(name)
        if not value:
            return None
        parts = address_of(name, value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise BadSetting(name, "must be an address like https://service.example")
        port_of(name, parts)
        if is_tls_demanded and parts.scheme == "http" and not is_this_machine(parts.hostname):
            raise BadSetting(name, "must begin with https:// in production")
        return value

    def folder(self, name: str, default: Path | None) -> Path | None:
        """A path, made absolute. Raises BadSetting when a file stands there."""
        value = self.text(name)
        path = Path(value).expanduser().resolve() if value else default
        if path is not None and path.exists() and not path.is_dir():
            raise BadSetting(name, f"{path} is not a folder")
        return path

    def file(self, name: str) -> Path | None:
        """The path of a file that is there, made absolute, or None."""
        value = self.text(name)
        if not value:
            return None
        path = Path(value).expanduser().resolve()
        if not path.is_file():
            raise BadSetting(name, f"there is no file {path}")
        return path


def address_of(name: str, value: str) -> SplitResult:
    """The parts of an address. Raises BadSetting where it is none."""
    try:
        return urlsplit(value)
    except ValueError as error:
        raise BadSetting(name, f"is no address: {error}") from None


def port_of(name: str, parts: SplitResult) -> int | None:
    """The port of an address. Raises BadSetting where it is none."""
    try:
        return parts.port
    except ValueError:
        raise BadSetting(name, "the port is not a number") from None


def is_this_machine(host: str) -> bool:
    """Whether what is sent to the host never leaves this machine."""
    return host in LOCAL_NAMES
