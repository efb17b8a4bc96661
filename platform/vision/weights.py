"""The folder of model files, and how files get into it.

Nothing is downloaded at import or while a model is used: only `ModelStore.fetch` downloads.
"""

import os
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from vision.errors import WeightsMissing
from vision.package_members import PackageMember
from vision.transfer import Progress, Source, TransferError, fetch_file
from vision.weight_files import (
    DEEPLAB,
    EFFICIENTDET,
    HIFILL,
    OPTIONAL_ENGINES,
    WEIGHTS,
    WeightFile,
)

__all__ = [
    "DEEPLAB",
    "EFFICIENTDET",
    "HIFILL",
    "OPTIONAL_ENGINES",
    "WEIGHTS",
    "ModelStore",
    "Progress",
    "WeightFile",
]


class ModelStore:
    """A folder of model files, and a mirror folder that is searched before the network.

    Args:
        folder: where fetched files are stored; created with the first one.
        mirror: a folder that holds some of the files under the same names, or None.
        weights: the files that this store manages.
    """

    def __init__(
        self,
        folder: Path,
        mirror: Path | None = None,
        *,
        weights: tuple[WeightFile, ...] = WEIGHTS,
    ) -> None:
        self.folder = folder
        self.mirror = mirror
        self.weights = {weight.name: weight for weight in weights}

    @classmethod
    def from_environment(cls) -> Self:
        """Build the store of VANISH_MODEL_DIR (~/.cache/vanish/models) and VANISH_MODEL_MIRROR."""
        folder = os.environ.get("VANISH_MODEL_DIR") or "~/.cache/vanish/models"
        mirror = os.environ.get("VANISH_MODEL_MIRROR")
        return cls(Path(folder).expanduser(), Path(mirror).expanduser() if mirror else None)

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders that may hold files: the store's, and the mirror where there is one."""
        return (self.folder,) if self.mirror is None else (self.folder, self.mirror)

    def list_expected(self, *engines: str) -> list[WeightFile]:
        """Return the files of no optional engine, which all fetch, and of these engines."""
        return [each for each in self.weights.values() if each.engine in ("", *engines)]

    def get_path(self, name: str) -> Path:
        """Return the file's path in the folder, or else in the mirror, after a check of its digest.

        A file is read once per process, and again after a change. Raises WeightsMissing, whose
        message says what to do, and KeyError for an unknown name.
        """
        weight = self.weights[name]
        option = f" --with {weight.engine}" if weight.engine else ""
        paths = self._find_all(name)
        for path in paths:
            if _is_usable(path, weight):
                return path
        if paths:
            raise WeightsMissing(
                f"{name} is damaged, unreadable or another version, and is not used: delete"
                f" it and run `python manage.py weights fetch{option}`."
            )
        raise WeightsMissing(
            f"{name} is not installed: run `python manage.py weights fetch{option}`, or put the"
            " file into the folder of models yourself."
        )

    def has(self, name: str) -> bool:
        """Return whether a file with the right digest is there."""
        try:
            self.get_path(name)
        except WeightsMissing:
            return False
        return True

    def find(self, name: str) -> Path | None:
        """Return the file's path, whatever its digest; None where it is missing."""
        return next(iter(self._find_all(name)), None)

    def verify(self, name: str) -> bool:
        """Read the file that `find` returns again; return whether it has the right digest."""
        path = self.find(name)
        return path is not None and self.weights[name].is_in(path)

    def fetch(self, name: str, progress: Progress = lambda _done, _size: None) -> Path:
        """Fetch the file into the folder: from the mirror, else each URL, else each package.

        Several processes may fetch at once: the file appears whole or not at all. Raises
        WeightsMissing with the reason of every source when none has it.
        """
        weight = self.weights[name]
        target = self.folder / name
        if target.is_file() and _is_usable(target, weight):
            return target
        reasons: list[str] = []
        for source in self._list_sources(weight):
            try:
                fetch_file(
                    source, target, is_valid=weight.is_in, size=weight.size, progress=progress
                )
            except TransferError as error:
                reasons.append(f"{_describe_source(source)}: {error}")
            else:
                return target
        causes = "; ".join(dict.fromkeys(reasons)) or "no address is known"
        raise WeightsMissing(f"{name} could not be fetched ({causes}).")

    def _find_all(self, name: str) -> list[Path]:
        return [folder / name for folder in self.folders if (folder / name).is_file()]

    def _list_sources(self, weight: WeightFile) -> list[Source]:
        copies = [] if self.mirror is None else [self.mirror / weight.name]
        return [*(path for path in copies if path.is_file()), *weight.urls, *weight.packages]


def _describe_source(source: Source) -> str:
    """Return the file, the host or the package."""
    if isinstance(source, Path):
        return str(source)
    if isinstance(source, PackageMember):
        return f"package {source.name} {source.version}"
    return urlsplit(source).netloc


def _is_usable(path: Path, weight: WeightFile) -> bool:
    try:
        return weight.is_in_cached(path)
    except OSError:
        return False
