"""Where model files lie, and how they get there.

Nothing is downloaded at import or while a model is used: only `ModelStore.fetch` does that.
"""

import os
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from vision.errors import WeightsMissing
from vision.transfer import Progress, TransferError, bring
from vision.weight_files import DEEPLAB, HIFILL, WEIGHTS, YOLOX_NANO, WeightFile

__all__ = ["DEEPLAB", "HIFILL", "WEIGHTS", "YOLOX_NANO", "ModelStore", "Progress", "WeightFile"]


class ModelStore:
    """A folder of model files, and a mirror folder that is looked in before the network.

    Args:
        folder: where fetched files are kept; made when the first one comes.
        mirror: a folder holding some of the files under the same names, or None.
        weights: the files this store knows.
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
        """The store that VANISH_MODEL_DIR (~/.cache/vanish/models) and VANISH_MODEL_MIRROR name."""
        folder = os.environ.get("VANISH_MODEL_DIR") or "~/.cache/vanish/models"
        mirror = os.environ.get("VANISH_MODEL_MIRROR")
        return cls(Path(folder).expanduser(), Path(mirror).expanduser() if mirror else None)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where files may lie: the folder, and the mirror where there is one."""
        return (self.folder,) if self.mirror is None else (self.folder, self.mirror)

    def path(self, name: str) -> Path:
        """The file, from the folder or else from the mirror; its digest is right.

        A file is read once per process, and again when it changed. Raises WeightsMissing with what
        to do, and KeyError for a name the store does not know.
        """
        weight = self.weights[name]
        present = self._present(name)
        for path in present:
            if _is_usable(path, weight):
                return path
        if present:
            raise WeightsMissing(
                f"{name} is damaged, unreadable or another version, and is not used: delete"
                " it and run `python manage.py weights fetch`."
            )
        raise WeightsMissing(
            f"{name} is not installed: run `python manage.py weights fetch`, or put the file into"
            " the folder of models yourself."
        )

    def has(self, name: str) -> bool:
        """Whether `path` would give a file."""
        try:
            self.path(name)
        except WeightsMissing:
            return False
        return True

    def find(self, name: str) -> Path | None:
        """Where the file lies, right or wrong; None where it is missing."""
        return next(iter(self._present(name)), None)

    def verify(self, name: str) -> bool:
        """Whether the file that `find` gives is there and, read anew, has the right digest."""
        path = self.find(name)
        return path is not None and self.weights[name].is_in(path)

    def fetch(self, name: str, progress: Progress = lambda _done, _size: None) -> Path:
        """Bring the file into the folder: from the mirror, else from each URL in turn.

        Safe beside other fetchers: the file appears whole or not at all. Raises WeightsMissing with
        every reason when no place has it.
        """
        weight = self.weights[name]
        kept = self.folder / name
        if kept.is_file() and _is_usable(kept, weight):
            return kept
        reasons: list[str] = []
        for source in self._sources(weight):
            try:
                bring(source, kept, is_right=weight.is_in, size=weight.size, progress=progress)
            except TransferError as error:
                place = source if isinstance(source, Path) else urlsplit(source).netloc
                reasons.append(f"{place}: {error}")
            else:
                return kept
        told = "; ".join(dict.fromkeys(reasons)) or "no address is known"
        raise WeightsMissing(f"{name} could not be fetched ({told}).")

    def _present(self, name: str) -> list[Path]:
        return [folder / name for folder in self.folders if (folder / name).is_file()]

    def _sources(self, weight: WeightFile) -> list[Path | str]:
        mirrored = [] if self.mirror is None else [self.mirror / weight.name]
        return [*(path for path in mirrored if path.is_file()), *weight.urls]


def _is_usable(path: Path, weight: WeightFile) -> bool:
    try:
        return weight.is_known_in(path)
    except OSError:
        return False
