#!/usr/bin/env python3
"""Remove what a recipe names from all photos of a folder, through the API of a running server.

It needs Python 3.12, httpx and tqdm (`pip install httpx tqdm`), and next to it
vanish_client.py and vanish_sync_files.py.

    export VANISH_TOKEN=...
    python examples/vanish_sync.py shop/ cleaned/ --recipe people.json

A recipe contains the fields of `POST /api/v1/vanish/`:

    {"labels": ["person"], "if_missing": "ignore", "grow": 4, "format": "jpeg"}

With `--masks FOLDER`, the white pixels of FOLDER/NAME.png are removed from NAME.jpg too. The next
run continues where the last one stopped: it processes a photo again only if the photo, its mask or
the recipe has changed. The server stores nothing.

A photo with nothing to remove is not cleaned: it is copied unchanged (or left out, where the recipe
names another format), listed, and counted by itself. The exit status is 0 if all photos are
cleaned, 3 if some had nothing to remove, 1 if some failed, 4 if the server refuses the token or the
recipe: then no further photo is sent.
"""

import argparse
import json
import os
import shutil
import sys
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from tqdm import tqdm

from vanish_client import Vanish, VanishError
from vanish_sync_files import Journal, State, Task, check_names, list_tasks

NOTHING_TO_REMOVE = "label_not_found"
REFUSED_FOR_ALL = {"label_unsupported", "scope_missing"}
UNAUTHORIZED = 401
MAX_PARALLEL = 3
SUCCESS, FAILURE, NOTHING_FOUND, REFUSED, STOPPED = 0, 1, 3, 4, 130


def process_photo(vanish: Vanish, task: Task, recipe: dict[str, Any]) -> State:
    """Write the result, completely or not at all, and return what it is.

    Raises VanishError, httpx.HTTPError, OSError.
    """
    task.result.parent.mkdir(parents=True, exist_ok=True)
    part = task.result.with_name(f".{task.result.name}.part")
    state: State = "cleaned"
    try:
        part.write_bytes(vanish.remove_from_file(task.photo, mask=task.mask, **recipe).data)
    except VanishError as refusal:
        # With `fail`, other labels of the recipe may be in the photo.
        if refusal.cause != NOTHING_TO_REMOVE or recipe.get("if_missing") == "fail":
            raise
        if not task.can_be_copied:
            return "left out"
        shutil.copyfile(task.photo, part)
        state = "copied"
    part.replace(task.result)
    return state


def bring_up_to_date(vanish: Vanish, task: Task, recipe: dict[str, Any], journal: Journal) -> State:
    """Process the photo unless the journal has its result, and return the result's state."""
    fingerprint = task.compute_fingerprint(recipe)
    state = journal.find_state(task, fingerprint)
    if state is None:
        state = process_photo(vanish, task, recipe)
        journal.add(task, fingerprint, state)
    return state


@dataclass(frozen=True)
class Outcome:
    """What has become of the photos: their states, and the errors of those that failed."""

    states: dict[Path, State]
    errors: dict[Path, str]
    refusal: str = ""

    @property
    def status(self) -> int:
        """The exit status."""
        if self.refusal:
            return REFUSED
        if self.errors:
            return FAILURE
        return SUCCESS if set(self.states.values()) <= {"cleaned"} else NOTHING_FOUND


def sync(vanish: Vanish, tasks: list[Task], recipe: dict[str, Any], journal: Journal) -> Outcome:
    """Process the photos whose results are missing or outdated.

    A refusal that all photos would get stops it.
    """
    states: dict[Path, State] = {}
    errors: dict[Path, str] = {}
    pool = ThreadPoolExecutor(MAX_PARALLEL)
    with pool, tqdm(total=len(tasks), unit="photo") as bar:
        jobs = {
            pool.submit(bring_up_to_date, vanish, task, recipe, journal): task for task in tasks
        }
        try:
            for job in as_completed(jobs):
                photo = jobs[job].photo
                try:
                    states[photo] = job.result()
                except (VanishError, httpx.HTTPError, OSError) as error:
                    if is_refused_for_all(error):
                        pool.shutdown(cancel_futures=True)
                        states |= collect_states(jobs)
                        return Outcome(states, errors, str(error))
                    errors[photo] = str(error)
                bar.update()
        except KeyboardInterrupt:
            # The photos in progress are finished; the next run continues from there.
            pool.shutdown(cancel_futures=True)
            raise
    return Outcome(states, errors)


def collect_states(jobs: dict[Future[State], Task]) -> dict[Path, State]:
    """Return the states of the photos whose work has ended well."""
    ended = (job for job in jobs if job.done() and not job.cancelled() and not job.exception())
    return {jobs[job].photo: job.result() for job in ended}


def is_refused_for_all(error: Exception) -> bool:
    """Return whether every other photo would be refused in the same way."""
    if not isinstance(error, VanishError):
        return False
    return error.status == UNAUTHORIZED or error.cause in REFUSED_FOR_ALL


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


def print_outcome(outcome: Outcome, tasks: list[Task], target: Path) -> None:
    """Print the photos that were not cleaned, with the reason, and the summary."""
    for photo, state in sorted(outcome.states.items()):
        if state != "cleaned":
            print(f"{photo}: nothing to remove, {state}", file=sys.stderr)
    for photo, reason in sorted(outcome.errors.items()):
        print(f"{photo}: {reason}", file=sys.stderr)
    if outcome.refusal:
        print(f"Stopped: {outcome.refusal}", file=sys.stderr)
    counts = Counter(outcome.states.values())
    open_photos = len(tasks) - len(outcome.states) - len(outcome.errors)
    parts = [
        (counts["cleaned"], "cleaned"),
        (counts["copied"], "copied unchanged, because nothing was to be removed"),
        (counts["left out"], "left out, because nothing was to be removed"),
        (len(outcome.errors), "failed"),
        (open_photos, "not processed"),
    ]
    summary = ", ".join(f"{number} {what}" for number, what in parts if number)
    print(f"{len(tasks)} photos: {summary or 'nothing to do'}. Results: {target}")


def main(arguments: list[str] | None = None) -> int:
    """Return the exit status; the text at the top of this file explains it."""
    options = read_options(arguments)
    try:
        recipe = read_recipe(options.recipe)
        target = options.target.resolve()
        target.mkdir(parents=True, exist_ok=True)
        source, format_name = options.source.resolve(), recipe.get("format", "")
        tasks = list(list_tasks(source, target, options.masks, format_name))
        check_names(tasks)
        with Vanish(options.server, token=os.environ["VANISH_TOKEN"]) as vanish:
            outcome = sync(vanish, tasks, recipe, Journal(target))
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return FAILURE
    except KeyboardInterrupt:
        print("Stopped. Run the same command again to continue.", file=sys.stderr)
        return STOPPED
    print_outcome(outcome, tasks, options.target)
    return outcome.status


if __name__ == "__main__":
    sys.exit(main())
