"""`manage.py vanish IN -o OUT`: the command of `vision`, with this installation's settings."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from gallery.photo_limits import get_upload_limits
from inpainting.engines import get_model_store
from vision.command_line import HELP, CommandFailed, Surroundings, add_arguments, run_command


class Command(BaseCommand):
    """Removes objects from photo files, without a server, an account or a database."""

    help = HELP
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the arguments of `vision`'s command."""
        add_arguments(parser, detector=settings.DETECTOR)

    def handle(self, *_args: object, **options: Any) -> None:
        """Process each photo. Raises CommandError, with one line, if a photo fails."""
        surroundings = Surroundings(
            store=get_model_store(),
            region=settings.AWS_REGION,
            endpoint_url=settings.AWS_ENDPOINT_URL,
            limits=get_upload_limits(),
            write_line=self.stdout.write,
            write_warning=self.stderr.write,
        )
        try:
            run_command(options, surroundings)
        except CommandFailed as failure:
            raise CommandError(str(failure), returncode=failure.status) from failure
