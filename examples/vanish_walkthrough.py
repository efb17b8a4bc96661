#!/usr/bin/env python3
"""Remove something from a photo over HTTP: all steps, through the API of a running server.

It needs Python 3.12, httpx (`pip install httpx`), and vanish_client.py next to it.

    export VANISH_PASSWORD=...
    python examples/vanish_walkthrough.py beach.jpg --email me@example.org --labels person,dog
    python examples/vanish_walkthrough.py beach.jpg --email me@example.org --mask hole.png

A mask is a PNG of the photo's size: white (255) is removed, black (0) stays. Instead of an e-mail
address and a password you can set VANISH_TOKEN to a token from the page “Tokens”.
"""

import argparse
import os
import sys
from pathlib import Path

import httpx

from vanish_client import Job, Vanish, VanishError

EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/tiff": ".tif",
    "image/png": ".png",
    "image/webp": ".webp",
}


def walk(vanish: Vanish, options: argparse.Namespace) -> Path:
    """Upload the photo, detect objects, remove, wait and download; return the result's path."""
    photo = vanish.upload(options.photo)
    print(f"Uploaded {photo['title']}: {photo['width']} x {photo['height']} pixels")
    if options.mask:
        edit = vanish.remove(photo["id"], mask=options.mask)
    else:
        for detection in vanish.list_detections(photo["id"]):
            place = "" if detection["box"] else " (position unknown)"
            print(f"Found {detection['label']}, {detection['confidence']:.0%} sure{place}")
        edit = vanish.remove(photo["id"], labels=options.labels, if_missing=options.if_missing)
    for warning in edit.get("warnings", []):
        print(f"Warning: {warning['message']}", file=sys.stderr)
    edit = vanish.wait_for_edit(edit["id"], _print_progress)
    picture = vanish.download(str(edit["revision"]), format=options.format)
    output: Path = options.output or options.photo.with_name(
        f"{options.photo.stem}-vanished{EXTENSIONS.get(picture.mime, options.photo.suffix)}"
    )
    output.write_bytes(picture.data)
    return output


def _print_progress(job: Job) -> None:
    place = f", number {job['queue_position']} in the queue" if job["queue_position"] else ""
    print(f"{job['state']} {job['progress']:.0%}{place}", file=sys.stderr)


def _parse_labels(text: str) -> list[str]:
    return [label.strip() for label in text.split(",") if label.strip()]


def read_options(arguments: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line; exit with the usage if it is invalid."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photo", type=Path)
    goal = parser.add_mutually_exclusive_group(required=True)
    goal.add_argument("--labels", type=_parse_labels, help="what to remove, like person,dog")
    goal.add_argument("--mask", type=Path, help="a PNG of the photo's size, white = remove")
    parser.add_argument(
        "--if-missing",
        choices=["ignore", "fail"],
        default="ignore",
        help="if a label names nothing in the photo: remove the rest (default), or nothing",
    )
    parser.add_argument("-o", "--output", type=Path, help="default: PHOTO-vanished next to it")
    parser.add_argument(
        "--format", default="original", choices=["original", "jpeg", "png", "webp", "tiff"]
    )
    parser.add_argument(
        "--server", default=os.environ.get("VANISH_SERVER", "http://127.0.0.1:8000")
    )
    parser.add_argument("--email", help="your e-mail address; or set VANISH_TOKEN")
    options = parser.parse_args(arguments)
    if not options.email and not os.environ.get("VANISH_TOKEN"):
        parser.error("give --email (and VANISH_PASSWORD in the environment), or VANISH_TOKEN")
    if options.email and not os.environ.get("VANISH_PASSWORD"):
        parser.error("--email needs VANISH_PASSWORD in the environment")
    return options


def main() -> int:
    """Return the exit status: 0 when the result exists, 1 after an error."""
    options = read_options()
    try:
        with Vanish(options.server, token=os.environ.get("VANISH_TOKEN", "")) as vanish:
            if options.email:
                vanish.sign_in(options.email, os.environ["VANISH_PASSWORD"])
            print(f"Saved {walk(vanish, options)}")
    except (VanishError, OSError, httpx.HTTPError) as error:
        print(f"{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
