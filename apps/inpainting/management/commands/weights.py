"""`manage.py weights fetch|list|verify`: the model files of this installation."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from inpainting.engines import get_model_store
from vision.errors import WeightsMissing
from vision.inpainters.hifill_network.preparing import prepare_network
from vision.inpainters.learned.preparing import check_engines
from vision.weights import HIFILL, OPTIONAL_ENGINES, ModelStore


class Command(BaseCommand):
    """Fetches, lists and verifies model files. Needs no database."""

    help = "Fetch, list or verify the model files that detection and inpainting use."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the arguments: an action, the files, and the engines whose files are optional."""
        parser.add_argument("action", choices=["fetch", "list", "verify"])
        parser.add_argument(
            "names", nargs="*", metavar="FILE", help="names as `weights list` gives them"
        )
        parser.add_argument(
            "--with",
            dest="engines",
            type=_parse_engines,
            default=[],
            metavar="ENGINE,…",
            help=f"fetch the files of these engines too: {', '.join(OPTIONAL_ENGINES)}",
        )

    def handle(self, *_args: object, **options: Any) -> None:
        """Run the action. Raises CommandError if `verify` finds a wrong file."""
        store = get_model_store()
        names = options["names"] or _choose_names(store, options["action"], options["engines"])
        if unknown := [name for name in names if name not in store.weights]:
            raise CommandError(
                f"There is no model file {unknown[0]}: choose from {', '.join(store.weights)}."
            )
        actions: dict[str, Callable[[ModelStore, list[str]], None]] = {
            "fetch": self._fetch,
            "list": self._list,
            "verify": self._verify,
        }
        actions[options["action"]](store, names)

    def _fetch(self, store: ModelStore, names: list[str]) -> None:
        """Fetch the files. A file without a source is reported with its effect, but is no error."""
        for name in names:
            try:
                path = _fetch_file(store, name)
            except WeightsMissing as error:
                self.stderr.write(
                    f"{error.detail} Until it is there, {store.weights[name].without}."
                )
            else:
                self.stdout.write(f"{name}: in {path.parent}")
        if HIFILL.name in names:
            for line in prepare_network(store):
                self.stdout.write(line)
        for line in check_engines(store, [store.weights[name].engine for name in names]):
            self.stdout.write(line)

    def _list(self, store: ModelStore, names: list[str]) -> None:
        for name in names:
            weight = store.weights[name]
            path = store.find(name)
            state = "missing" if path is None else f"in {path.parent}"
            if path is not None and not store.has(name):
                state += ", damaged or another version"
            self.stdout.write(f"{name}: {state}; {weight.purpose}; {weight.licence}")

    def _verify(self, store: ModelStore, names: list[str]) -> None:
        wrong = []
        for name in names:
            path = store.find(name)
            if path is None:
                self.stdout.write(f"{name}: missing; {store.weights[name].without}")
            elif store.verify(name):
                self.stdout.write(f"{name}: right ({path})")
            else:
                wrong.append(str(path))
        if wrong:
            raise CommandError(
                f"Damaged or another version: {', '.join(wrong)}. Delete and run"
                " `python manage.py weights fetch`."
            )


def _choose_names(store: ModelStore, action: str, engines: list[str]) -> list[str]:
    """Return the files that an action without names is about: `fetch` leaves optional ones out."""
    if action != "fetch":
        return list(store.weights)
    return [weight.name for weight in store.list_expected(*engines)]


def _parse_engines(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if unknown := [name for name in names if name not in OPTIONAL_ENGINES]:
        raise ArgumentTypeError(
            f"there is no optional engine {unknown[0]}: choose from {', '.join(OPTIONAL_ENGINES)}"
        )
    return names


def _fetch_file(store: ModelStore, name: str) -> Path:
    """Fetch one file under a progress bar, which is hidden if there is no terminal."""
    with tqdm(desc=name, unit="B", unit_scale=True, disable=None, leave=False) as bar:

        def update_bar(done: int, size: int | None) -> None:
            bar.total = size
            # `done` becomes smaller when the next source starts from 0 again.
            bar.update(done - bar.n)

        return store.fetch(name, update_bar)
