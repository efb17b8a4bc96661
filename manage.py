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
    from django.core.management import execute_from_command_line

    from config.env import BadSetting

    try:
        execute_from_command_line(sys.argv)
    except BadSetting as error:
        sys.exit(f"Bad setting {error}")


if __name__ == "__main__":
    main()
