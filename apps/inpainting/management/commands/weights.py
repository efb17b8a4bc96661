"""`manage.py weights fetch|list|verify`: the model files of this installation."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from inpainting.engines import get_model_store
from vision.errors import WeightsMissing
from vision.inpainters.hifill_network.preparing import prepare_network
from vision.weights import HIFILL, ModelStore


class Command(BaseCommand):
    """Fetches, lists and verifies model files. Needs no database."""

    help = "Fetch, list or verify the model files that detection and inpainting use."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the arguments: an action, and the files (all by default)."""
        parser.add_argument("action", choices=["fetch", "list", "verify"])
        parser.add_argument(
            "names", nargs="*", metavar="FILE", help="names as `weights list` gives them"
        )

    def handle(self, *_args: object, **options: Any) -> None:
        """Run the action. Raises CommandError if `verify` finds a wrong file."""
        store = get_model_store()
        names = options["names"] or list(store.weights)
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


def _fetch_file(store: ModelStore, name: str) -> Path:
    """Fetch one file under a progress bar, which is hidden if there is no terminal."""
    with tqdm(desc=name, unit="B", unit_scale=True, disable=None, leave=False) as bar:

        def update_bar(done: int, size: int | None) -> None:
            bar.total = size
            # `done` becomes smaller when the next source starts from 0 again.
            bar.update(done - bar.n)

        return store.fetch(name, update_bar)
