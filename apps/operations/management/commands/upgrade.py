"""`manage.py upgrade`: prepares the database for a new release, before its processes start."""

from typing import Any

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.database import SECRET as APPLICATION
from config.database_secret import DatabaseSecret
from operations.database_user import UserRefused, ensure_user

ADMIN = "VANISH_DATABASE_ADMIN_SECRET"


class Command(BaseCommand):
    """Creates the database user and migrates. Safe to repeat while the old release is running."""

    help = "Create the application's database user, if the admin's secret is set, and migrate."

    def handle(self, **_options: Any) -> None:
        """Run the steps in order."""
        if settings.DATABASE_ADMIN_SECRET:
            self._ensure_user()
        call_command("migrate", interactive=False, stdout=self.stdout, stderr=self.stderr)

    def _ensure_user(self) -> None:
        if not settings.DATABASE_SECRET:
            raise CommandError(f"{ADMIN} is set without {APPLICATION}: no user can be created.")
        application = DatabaseSecret.read(APPLICATION, settings.DATABASE_SECRET)
        admin = DatabaseSecret.read(ADMIN, settings.DATABASE_ADMIN_SECRET)
        options: Any = settings.DATABASES["default"]["OPTIONS"]
        tls = {name: value for name, value in options.items() if name != "assume_role"}
        try:
            was_created = ensure_user(application, admin=admin, options=tls)
        except (psycopg2.Error, UserRefused) as error:
            reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
            raise CommandError(f"The database user cannot be created: {reason}") from None
        if was_created:
            self.stdout.write(f"Created the database user {application.username}")
