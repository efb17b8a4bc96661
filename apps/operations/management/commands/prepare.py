"""`manage.py prepare`: database, static files, weights, examples and the demo account."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.services import demo_user_ensure
from gallery.examples import fetch_examples, list_examples
from gallery.services import demo_examples_load
from inpainting.engines import get_model_store
from vision.weights import OPTIONAL_ENGINES
from web.static_files import collect_changed

FETCH_AGAIN_SECONDS = 3600


class Command(BaseCommand):
    """Prepares the platform. Each step can be repeated, and works without a network."""

    help = "Bring database, static files, weights, examples and the demo account up to date."

    def handle(self, **_options: Any) -> None:
        """Run the steps in order."""
        self._step("Preparing the database")
        call_command("migrate", verbosity=0, interactive=False)
        if settings.STATIC_ROOT.is_relative_to(settings.DATA_DIR):
            # Another folder is part of a read-only image and already contains the files.
            collect_changed()
        self._fetch()
        if settings.DEMO_ENABLED:
            self._load_demo()

    def _fetch(self) -> None:
        """Fetch weights and examples; after a failure, do not try again for an hour.

        Without a network, each try makes the start wait.
        """
        failure = Path(settings.DATA_DIR) / "fetch-failed"
        online = not _is_recent(failure)
        if online:
            self._step("Fetching model weights and examples")
            wanted = [settings.INPAINTER] if settings.INPAINTER in OPTIONAL_ENGINES else []
            options = [f"--with={name}" for name in wanted]
            call_command("weights", "fetch", *options, stdout=self.stdout, stderr=self.stderr)
        missing = [picture.title for picture in fetch_examples(online=online)]
        if missing:
            self._step(f"Missing examples: {', '.join(missing)}")
        store = get_model_store()
        expected = store.list_expected(settings.INPAINTER)
        if not missing and all(store.has(weight.name) for weight in expected):
            failure.unlink(missing_ok=True)
        elif online:
            failure.touch()

    def _load_demo(self) -> None:
        user = demo_user_ensure(email=settings.DEMO_EMAIL, password=settings.DEMO_PASSWORD)
        added = demo_examples_load(user=user)
        if added:
            self._step(f"Added {added} of {len(list_examples())} examples to the demo account")

    def _step(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _is_recent(file: Path) -> bool:
    return file.exists() and 0 <= time.time() - file.stat().st_mtime < FETCH_AGAIN_SECONDS
