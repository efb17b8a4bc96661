"""Fetch the pictures of the example library into the image's data folder."""

import sys

import django
from django.conf import settings

django.setup()

from gallery.examples import fetch_examples  # noqa: E402


def main() -> None:
    """Fetch all pictures and check their digests. Exit with the titles of missing ones."""
    missing = [picture.title for picture in fetch_examples()]
    if missing:
        sys.exit(f"Examples that could not be fetched: {', '.join(missing)}")
    print(f"Examples are in {settings.EXAMPLES_DIR}")


if __name__ == "__main__":
    main()
