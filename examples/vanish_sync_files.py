"""The files of vanish_sync.py: photos, their masks and results, and the journal of what is done."""

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

JOURNAL = ".vanish-sync.jsonl"
FORMATS = {
    ".avif": "avif",
    ".heic": "heic",
    ".heif": "heic",
    ".jpeg": "jpeg",
    ".jpg": "jpeg",
    ".png": "png",
    ".tif": "tiff",
    ".tiff": "tiff",
    ".webp": "webp",
}
"""The format of each extension of a photo, in lower case."""
EXTENSIONS = {"jpeg": ".jpg", "png": ".png", "tiff": ".tif", "webp": ".webp"}

State = Literal["cleaned", "copied", "left out"]


@dataclass(frozen=True)
class Task:
    """One photo with its result's path and its mask."""

    photo: Path
    result: Path
    mask: Path | None

    def compute_fingerprint(self, recipe: dict[str, Any]) -> str:
        """Return the digest of the recipe, the photo and the mask."""
        digest = hashlib.sha256(json.dumps(recipe, sort_keys=True).encode())
        for path in filter(None, (self.photo, self.mask)):
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()

    @property
    def can_be_copied(self) -> bool:
        """Whether the result has the photo's format; .JPG, .jpg and .jpeg are one."""
        return get_format(self.photo) == get_format(self.result)


def get_format(path: Path) -> str:
    """Return the format that the extension stands for; empty for other files than photos."""
    return FORMATS.get(path.suffix.lower(), "")


class Journal:
    """The fingerprints and states of the results in a folder, in a file with a line for each.

    Threads may share it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / JOURNAL
        self._lock = threading.Lock()
        self._entries: dict[str, tuple[str, State]] = {}
        text = self._path.read_text(encoding="utf-8") if self._path.exists() else ""
        for line in text.splitlines():
            self._read_line(line)
        if text and not text.endswith("\n"):
            self._append("")

    def find_state(self, task: Task, fingerprint: str) -> State | None:
        """Return the state of a result with this fingerprint; None if it must be made."""
        known, state = self._entries.get(self._build_key(task), ("", None))
        is_there = state == "left out" or task.result.exists()
        return state if is_there and known == fingerprint else None

    def add(self, task: Task, fingerprint: str, state: State) -> None:
        """Append the fingerprint and the state of a result."""
        key = self._build_key(task)
        with self._lock:
            self._entries[key] = (fingerprint, state)
            self._append(json.dumps([key, fingerprint, state]))

    def _append(self, line: str) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def _read_line(self, line: str) -> None:
        """Store what a line says; a line that a crash has cut off is ignored."""
        try:
            key, fingerprint, state = json.loads(line)
        except ValueError:
            return
        self._entries[key] = (fingerprint, state)

    def _build_key(self, task: Task) -> str:
        return task.result.relative_to(self._folder).as_posix()


def list_tasks(source: Path, target: Path, masks: Path | None, format_name: str) -> Iterator[Task]:
    """Yield a task for each photo below `source`; results keep their folders and names.

    Args:
        source: the folder of photos.
        target: the folder of results.
        masks: the folder of masks, if there are any.
        format_name: the format of the results; empty to keep that of the photos.
    """
    for photo in sorted(source.rglob("*")):
        if not get_format(photo) or target in photo.parents:
            continue
        inner = photo.relative_to(source)
        is_converted = format_name in EXTENSIONS and format_name != get_format(photo)
        result = target / (inner.with_suffix(EXTENSIONS[format_name]) if is_converted else inner)
        yield Task(photo, result, find_mask(masks / inner.parent, photo.stem) if masks else None)


def find_mask(folder: Path, stem: str) -> Path | None:
    """Return the mask called `stem`, with the extension .png or .PNG, if there is one."""
    names = (folder / f"{stem}{extension}" for extension in (".png", ".PNG"))
    return next((path for path in names if path.exists()), None)


def check_names(tasks: list[Task]) -> None:
    """Raise ValueError if two photos would have the same result file."""
    photos: dict[Path, Path] = {}
    for task in tasks:
        other = photos.setdefault(task.result, task.photo)
        if other != task.photo:
            raise ValueError(f"{other} and {task.photo} would both become {task.result.name}.")
