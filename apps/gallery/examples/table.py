"""The example pictures with their credits, read from examples.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class KnownPicture:
    """A picture with known bytes; examples.toml describes the fields."""

    id: str
    title: str
    file: str
    credit: str
    licence: str
    width: int
    height: int


@dataclass(frozen=True)
class FetchedPicture(KnownPicture):
    """A picture that is downloaded from a fixed commit and checked by its digest."""

    url: str
    sha256: str


_TABLE = tomllib.loads(Path(__file__).with_name("examples.toml").read_text("utf-8"))

FETCHED = tuple(FetchedPicture(**row) for row in _TABLE["fetched"])
INSTALLED = tuple(KnownPicture(**row) for row in _TABLE["installed"])
