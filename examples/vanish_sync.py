#!/usr/bin/env python3
"""A folder of photos in, a recipe, a folder of photos out, through the API of a running server.

Needs Python 3.12, httpx and tqdm (`pip install httpx tqdm`), and vanish_client.py beside it.

    export VANISH_TOKEN=...
    python examples/vanish_sync.py shop/ cleaned/ --recipe people.json

A recipe says what should vanish, and how, with the fields of `POST /api/v1/vanish/`:

    {"labels": ["person"], "grow": 4, "format": "jpeg"}

With `--masks FOLDER` what is white in FOLDER/NAME.png goes from NAME.jpg too. Run again, it goes
on where it stopped: what lies in the folder already is made again only if the photo, its mask or
the recipe has changed. Photos without anything to remove are copied as they are. The server keeps
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

from vanish_client import Refused, Vanish

JOURNAL = ".vanish-sync.json"
PHOTOS = {".avif", ".heic", ".heif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}
EXTENSIONS = {"jpeg": ".jpg", "png": ".png", "tiff": ".tif", "webp": ".webp"}
NOTHING_THERE = "unknown_label"
AT_ONCE = 3


@dataclass(frozen=True)
class Task:
    """One photo: where it lies, where its result goes, and what tells a changed one."""

    photo: Path
    result: Path
    mask: Path | None

    def fingerprint(self, recipe: dict[str, Any]) -> str:
        """Of all that the result depends on."""
        digest = hashlib.sha256(json.dumps(recipe, sort_keys=True).encode())
        for file in filter(None, (self.photo, self.mask)):
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()


class Journal:
    """Which results lie in the folder, and of what; a file of its own, whole after every change."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / JOURNAL
        self._done: dict[str, str] = {}
        if self._path.exists():
            self._done = json.loads(self._path.read_text(encoding="utf-8"))

    def has(self, task: Task, fingerprint: str) -> bool:
        """Whether the result is there, and still is that of this photo and recipe."""
        return task.result.exists() and self._done.get(self._key(task)) == fingerprint

    def add(self, task: Task, fingerprint: str) -> None:
        """Note that the result lies there."""
        self._done[self._key(task)] = fingerprint
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps(self._done, indent=1, sort_keys=True), encoding="utf-8")
        part.replace(self._path)

    def _key(self, task: Task) -> str:
        return task.result.relative_to(self._folder).as_posix()


def tasks(source: Path, target: Path, masks: Path | None, extension: str) -> Iterator[Task]:
    """The photos below `source`; results keep their folders and names.

    Args:
        source: the folder of photos.
        target: the folder of results.
        masks: the folder of masks, if there are any.
        extension: of the results; empty for the photos' own.
    """
    for photo in sorted(source.rglob("*")):
        if photo.suffix.lower() not in PHOTOS or target in photo.parents:
            continue
        inner = photo.relative_to(source)
        mask = masks / inner.with_suffix(".png") if masks else None
        result = target / (inner.with_suffix(extension) if extension else inner)
        yield Task(photo, result, mask if mask and mask.exists() else None)


def check_names(wanted: list[Task]) -> None:
    """Raises ValueError where two photos would become one file."""
    taken: dict[Path, Path] = {}
    for task in wanted:
        other = taken.setdefault(task.result, task.photo)
        if other != task.photo:
            raise ValueError(f"{other} and {task.photo} would both become {task.result.name}.")


def make(vanish: Vanish, task: Task, recipe: dict[str, Any]) -> None:
    """The result, whole or not at all. Raises Refused, httpx.HTTPError, OSError."""
    task.result.parent.mkdir(parents=True, exist_ok=True)
    part = task.result.with_name(f".{task.result.name}.part")
    try:
        part.write_bytes(vanish.vanish(task.photo, mask=task.mask, **recipe).data)
    except Refused as refusal:
        cause = refusal.problem.get("error", {}).get("code", refusal.code)
        if cause != NOTHING_THERE or task.result.suffix != task.photo.suffix:
            raise
        shutil.copyfile(task.photo, part)
    part.replace(task.result)


def sync(
    vanish: Vanish, wanted: list[Task], recipe: dict[str, Any], journal: Journal
) -> dict[Path, str]:
    """Make what is missing, some at a time; why each of the others has no result."""
    prints = {task: task.fingerprint(recipe) for task in wanted}
    open_tasks = [task for task in wanted if not journal.has(task, prints[task])]
    failed: dict[Path, str] = {}
    pool = ThreadPoolExecutor(AT_ONCE)
    with pool, tqdm(total=len(wanted), initial=len(wanted) - len(open_tasks), unit="photo") as bar:
        jobs = {pool.submit(make, vanish, task, recipe): task for task in open_tasks}
        try:
            for job in as_completed(jobs):
                task = jobs[job]
                try:
                    job.result()
                    journal.add(task, prints[task])
                except (Refused, httpx.HTTPError, OSError) as error:
                    failed[task.photo] = str(error)
                bar.update()
        except KeyboardInterrupt:
            # What has begun is finished; the next run goes on from there.
            pool.shutdown(cancel_futures=True)
            raise
    return failed


def read_recipe(path: Path) -> dict[str, Any]:
    """The fields of the call; lists of shapes as the JSON that a form takes. Raises ValueError."""
    recipe = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(recipe, dict):
        raise ValueError(f"{path} must hold an object, as {{'labels': ['person']}}.")
    return {
        name: json.dumps(value) if isinstance(value, list | bool) else value
        for name, value in recipe.items()
    }


def read_options(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line; ends the program with a line of help where it makes no sense."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--recipe", type=Path, required=True)
    parser.add_argument("--masks", type=Path, help="a folder of PNGs named as the photos")
    parser.add_argument(
        "--server", default=os.environ.get("VANISH_SERVER", "http://127.0.0.1:8000")
    )
    options = parser.parse_args(arguments)
    if not options.source.is_dir():
        parser.error(f"{options.source} is no folder")
    if not os.environ.get("VANISH_TOKEN"):
        parser.error("VANISH_TOKEN must hold a token: see the page “Tokens”")
    return options


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when every result lies there, 1 when some do not."""
    options = read_options(arguments)
    try:
        recipe = read_recipe(options.recipe)
        target = options.target.resolve()
        target.mkdir(parents=True, exist_ok=True)
        extension = EXTENSIONS.get(recipe.get("format", ""), "")
        wanted = list(tasks(options.source.resolve(), target, options.masks, extension))
        check_names(wanted)
        with Vanish(options.server, token=os.environ["VANISH_TOKEN"]) as vanish:
            failed = sync(vanish, wanted, recipe, Journal(target))
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; the same command goes on from here.", file=sys.stderr)
        return 130
    for photo, reason in sorted(failed.items()):
        print(f"{photo}: {reason}", file=sys.stderr)
    print(f"{len(wanted) - len(failed)} of {len(wanted)} photos lie in {options.target}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
