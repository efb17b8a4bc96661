#!/usr/bin/env python3
"""Remove what a recipe names from all photos of a folder, through the API of a running server.

It needs Python 3.12, httpx and tqdm (`pip install httpx tqdm`), and vanish_client.py next to it.

    export VANISH_TOKEN=...
    python examples/vanish_sync.py shop/ cleaned/ --recipe people.json

A recipe contains the fields of `POST /api/v1/vanish/`:

    {"labels": ["person"], "grow": 4, "format": "jpeg"}

With `--masks FOLDER`, the white pixels of FOLDER/NAME.png are removed from NAME.jpg too. The next
run continues where the last one stopped: it processes a photo again only if the photo, its mask or
the recipe has changed. Photos with nothing to remove are copied unchanged. The server stores
nothing.
"""

import argparse
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from tqdm import tqdm

from vanish_client import Vanish, VanishError

JOURNAL = ".vanish-sync.json"
PHOTOS = {".avif", ".heic", ".heif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}
EXTENSIONS = {"jpeg": ".jpg", "png": ".png", "tiff": ".tif", "webp": ".webp"}
NOTHING_TO_REMOVE = "unknown_label"
MAX_PARALLEL = 3


@dataclass(frozen=True)
class Task:
    """One photo with its result's path and its mask."""

    photo: Path
    result: Path
    mask: Path | None

    def compute_fingerprint(self, recipe: dict[str, Any]) -> str:
        """Return the digest of the recipe, the photo and the mask."""
        digest = hashlib.sha256(json.dumps(recipe, sort_keys=True).encode())
        for file in filter(None, (self.photo, self.mask)):
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()


class Journal:
    """The fingerprints of the results in a folder, in a file that is replaced at each change."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / JOURNAL
        self._fingerprints: dict[str, str] = {}
        if self._path.exists():
            self._fingerprints = json.loads(self._path.read_text(encoding="utf-8"))

    def has(self, task: Task, fingerprint: str) -> bool:
        """Return whether the result exists and has this fingerprint."""
        return task.result.exists() and self._fingerprints.get(self._build_key(task)) == fingerprint

    def add(self, task: Task, fingerprint: str) -> None:
        """Save the fingerprint of a result."""
        self._fingerprints[self._build_key(task)] = fingerprint
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps(self._fingerprints, indent=1, sort_keys=True), encoding="utf-8")
        part.replace(self._path)

    def _build_key(self, task: Task) -> str:
        return task.result.relative_to(self._folder).as_posix()


def list_tasks(source: Path, target: Path, masks: Path | None, extension: str) -> Iterator[Task]:
    """Yield a task for each photo below `source`; results keep their folders and names.

    Args:
        source: the folder of photos.
        target: the folder of results.
        masks: the folder of masks, if there are any.
        extension: the extension of the results; empty to keep that of the photos.
    """
    for photo in sorted(source.rglob("*")):
        if photo.suffix.lower() not in PHOTOS or target in photo.parents:
            continue
        inner = photo.relative_to(source)
        mask = masks / inner.with_suffix(".png") if masks else None
        result = target / (inner.with_suffix(extension) if extension else inner)
        yield Task(photo, result, mask if mask and mask.exists() else None)


def check_names(tasks: list[Task]) -> None:
    """Raise ValueError if two photos would have the same result file."""
    photos: dict[Path, Path] = {}
    for task in tasks:
        other = photos.setdefault(task.result, task.photo)
        if other != task.photo:
            raise ValueError(f"{other} and {task.photo} would both become {task.result.name}.")


def process_photo(vanish: Vanish, task: Task, recipe: dict[str, Any]) -> None:
    """Write the result, completely or not at all.

    Raises VanishError, httpx.HTTPError, OSError.
    """
    task.result.parent.mkdir(parents=True, exist_ok=True)
    part = task.result.with_name(f".{task.result.name}.part")
    try:
        part.write_bytes(vanish.remove_from_file(task.photo, mask=task.mask, **recipe).data)
    except VanishError as refusal:
        cause = refusal.problem.get("error", {}).get("code", refusal.code)
        if cause != NOTHING_TO_REMOVE or task.result.suffix != task.photo.suffix:
            raise
        shutil.copyfile(task.photo, part)
    part.replace(task.result)


def sync(
    vanish: Vanish, tasks: list[Task], recipe: dict[str, Any], journal: Journal
) -> dict[Path, str]:
    """Process the photos whose results are missing or outdated; return the failed ones' errors."""
    fingerprints = {task: task.compute_fingerprint(recipe) for task in tasks}
    open_tasks = [task for task in tasks if not journal.has(task, fingerprints[task])]
    failed: dict[Path, str] = {}
    pool = ThreadPoolExecutor(MAX_PARALLEL)
    with pool, tqdm(total=len(tasks), initial=len(tasks) - len(open_tasks), unit="photo") as bar:
        jobs = {pool.submit(process_photo, vanish, task, recipe): task for task in open_tasks}
        try:
            for job in as_completed(jobs):
                task = jobs[job]
                try:
                    job.result()
                    journal.add(task, fingerprints[task])
                except (VanishError, httpx.HTTPError, OSError) as error:
                    failed[task.photo] = str(error)
                bar.update()
        except KeyboardInterrupt:
            # The photos in progress are finished; the next run continues from there.
            pool.shutdown(cancel_futures=True)
            raise
    return failed


def read_recipe(path: Path) -> dict[str, Any]:
    """Return the fields of the recipe; lists become JSON text, as the form expects them.

    Raises ValueError.
    """
    recipe = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(recipe, dict):
        raise ValueError(f"{path} must contain an object like {{'labels': ['person']}}.")
    return {
        name: json.dumps(value) if isinstance(value, list | bool) else value
        for name, value in recipe.items()
    }


def read_options(arguments: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line; exit with the usage if it is invalid."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--recipe", type=Path, required=True)
    parser.add_argument("--masks", type=Path, help="a folder of PNGs with the names of the photos")
    parser.add_argument(
        "--server", default=os.environ.get("VANISH_SERVER", "http://127.0.0.1:8000")
    )
    options = parser.parse_args(arguments)
    if not options.source.is_dir():
        parser.error(f"{options.source} is not a folder")
    if not os.environ.get("VANISH_TOKEN"):
        parser.error("VANISH_TOKEN must contain a token: see the page “Tokens”")
    return options


def main(arguments: list[str] | None = None) -> int:
    """Return the exit status: 0 when every result exists, or else 1."""
    options = read_options(arguments)
    try:
        recipe = read_recipe(options.recipe)
        target = options.target.resolve()
        target.mkdir(parents=True, exist_ok=True)
        extension = EXTENSIONS.get(recipe.get("format", ""), "")
        tasks = list(list_tasks(options.source.resolve(), target, options.masks, extension))
        check_names(tasks)
        with Vanish(options.server, token=os.environ["VANISH_TOKEN"]) as vanish:
            failed = sync(vanish, tasks, recipe, Journal(target))
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. Run the same command again to continue.", file=sys.stderr)
        return 130
    for photo, reason in sorted(failed.items()):
        print(f"{photo}: {reason}", file=sys.stderr)
    print(f"{len(tasks) - len(failed)} of {len(tasks)} photos are in {options.target}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
