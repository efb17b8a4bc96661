"""The only reader of environment variables: a bad value stops the start, and the error names it."""

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

    def read_text(self, name: str, default: str = "") -> str:
        """Return the variable's text without surrounding white space."""
        return self._values.get(name, "").strip() or default

    def require_text(self, name: str, why: str) -> str:
        """Return the same as `read_text`; raise BadSetting with `why` when it is not set."""
        value = self.read_text(name)
        if not value:
            raise BadSetting(name, f"must be set: {why}")
        return value

    def read_flag(self, name: str, *, default: bool = False) -> bool:
        """Return the truth of true/false, yes/no, on/off or 1/0."""
        value = self.read_text(name).lower()
        if not value:
            return default
        if value in {"1", "true", "yes", "on"}:
            return True
        if value in {"0", "false", "no", "off"}:
            return False
        raise BadSetting(name, f"{value!r} is neither true nor false")

    def read_number(self, name: str, default: int, *, low: int, high: int) -> int:
        """Return a whole number in [low, high]."""
        value = self.read_text(name)
        if not value:
            return default
        try:
            number = int(value)
        except ValueError:
            raise BadSetting(name, f"{value!r} is not a whole number") from None
        if not low <= number <= high:
            raise BadSetting(name, f"{number} is not between {low} and {high}")
        return number

    def read_choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        """Return one of `choices`."""
        value = self.read_text(name, default)
        if value not in choices:
            raise BadSetting(name, f"{value!r} is not one of {', '.join(choices)}")
        return value

    def read_list(self, name: str) -> list[str]:
        """Return the members of a comma-separated list, without empty ones."""
        return [part.strip() for part in self.read_text(name).split(",") if part.strip()]

    def read_networks(self, name: str) -> list[Network]:
        """Return a comma-separated list of IP addresses and networks, like 10.0.0.0/16.

        A network of all addresses is refused, because every client would be trusted.
        """
        networks = []
        for part in self.read_list(name):
            try:
                network = ipaddress.ip_network(part)
            except ValueError:
                raise BadSetting(name, f"{part!r} is not a network like 10.0.0.0/16") from None
            if network.prefixlen == 0:
                raise BadSetting(name, f"{part} is every address: name the proxies' own network")
            networks.append(network)
        return networks

    def read_url(self, name: str, default: str, *, schemes: tuple[str, ...]) -> str:
        """Return a URL with one of `schemes`."""
        value = self.read_text(name, default)
        if value.partition("://")[0] not in schemes:
            raise BadSetting(name, f"must begin with {' or '.join(f'{s}://' for s in schemes)}")
        return value

    def read_endpoint(self, name: str, *, is_tls_demanded: bool) -> str | None:
        """Return the http(s) address of a service, or None.

        Where TLS is demanded, plain http is accepted only for this machine itself.
        """
        value = self.read_text(name)
        if not value:
            return None
        parts = parse_url(name, value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise BadSetting(name, "must be an address like https://service.example")
        parse_port(name, parts)
        if is_tls_demanded and parts.scheme == "http" and not is_local_host(parts.hostname):
            raise BadSetting(name, "must begin with https:// in production")
        return value

    def read_folder_path(self, name: str, default: Path | None) -> Path | None:
        """Return the absolute path of a folder; raise BadSetting when it is a file."""
        value = self.read_text(name)
        path = Path(value).expanduser().resolve() if value else default
        if path is not None and path.exists() and not path.is_dir():
            raise BadSetting(name, f"{path} is not a folder")
        return path

    def read_file_path(self, name: str) -> Path | None:
        """Return the absolute path of an existing file, or None when the variable is not set."""
        value = self.read_text(name)
        if not value:
            return None
        path = Path(value).expanduser().resolve()
        if not path.is_file():
            raise BadSetting(name, f"the file {path} does not exist")
        return path


def parse_url(name: str, value: str) -> SplitResult:
    """Return the parts of a URL; raise BadSetting when it is not one."""
    try:
        return urlsplit(value)
    except ValueError as error:
        raise BadSetting(name, f"is not a URL: {error}") from None


def parse_port(name: str, parts: SplitResult) -> int | None:
    """Return the port of a URL, or None; raise BadSetting when it is not a number."""
    try:
        return parts.port
    except ValueError:
        raise BadSetting(name, "the port is not a number") from None


def is_local_host(host: str) -> bool:
    """Return whether the host is this machine, so that nothing sent to it uses the network."""
    return host in LOCAL_NAMES
