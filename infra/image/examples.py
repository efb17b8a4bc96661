"""Fetches the example library's pictures into the data folder, for the image."""

import sys

import django
from django.conf import settings

django.setup()

from gallery.examples import fetch_examples  # noqa: E402


def main() -> None:
    """All of them, with their digests checked, or a failure that names what is missing."""
    missing = [picture.title for picture in fetch_examples()]
    if missing:
        sys.exit(f"Examples that could not be fetched: {', '.join(missing)}")
    print(f"Examples are in {settings.EXAMPLES_DIR}")


if __name__ == "__main__":
    main()
