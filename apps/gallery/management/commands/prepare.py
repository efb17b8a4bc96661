"""`manage.py prepare`: database, static files, weights, examples and the demo account."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.services import demo_user_ensure
from gallery.examples import examples, fetch_examples
from gallery.services import demo_examples_load


class Command(BaseCommand):
    """Every step is safe to repeat, and none needs the network to go on."""

    help = "Bring database, static files, weights, examples and the demo account up to date."

    def handle(self, **_options: Any) -> None:
        """Run the steps in order."""
        self._step("Preparing the database")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        self._step("Fetching model weights")
        call_command("weights", "fetch", stdout=self.stdout, stderr=self.stderr)
        self._step("Fetching the example library")
        for picture in fetch_examples():
            self._step(f"  {picture.title}: not there, left out")
        if settings.DEMO_ENABLED:
            self._load_demo()

    def _load_demo(self) -> None:
        user = demo_user_ensure(email=settings.DEMO_EMAIL, password=settings.DEMO_PASSWORD)
        added = demo_examples_load(user=user)
        if added:
            self._step(f"Put {added} of {len(examples())} examples into the demo account")

    def _step(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
