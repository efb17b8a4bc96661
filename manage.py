#!/usr/bin/env python
"""Runs Django's commands with the project's two folders of packages on the path."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> None:
    """Put `platform/` and `apps/` on the path and run Django's command."""
    for folder in ("apps", "platform"):
        sys.path.insert(1, str(ROOT / folder))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.env import BadSetting

    try:
        if sys.argv[1:2] == ["vanish"]:
            _run_vanish()
        else:
            from django.core.management import execute_from_command_line

            execute_from_command_line(sys.argv)
    except BadSetting as error:
        sys.exit(f"Bad setting {error}")


def _run_vanish() -> None:
    """Run the command that needs the settings alone, without the seconds that the apps take."""
    from inpainting.management.commands.vanish import Command

    Command().run_from_argv(sys.argv)


if __name__ == "__main__":
    main()
