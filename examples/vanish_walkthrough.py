#!/usr/bin/env python3
"""Make something vanish from a photo over HTTP: the whole way through the API of a running server.

Needs Python 3.12, httpx (`pip install httpx`), and vanish_client.py beside it.

    export VANISH_PASSWORD=...
    python examples/vanish_walkthrough.py beach.jpg --email me@example.org --labels person,dog
    python examples/vanish_walkthrough.py beach.jpg --email me@example.org --mask hole.png

A mask is a PNG of the photo's size: white (255) goes, black (0) stays. A token from the page
“Tokens” does instead of e-mail address and password: VANISH_TOKEN.
"""

import argparse
import os
import sys
from pathlib import Path

import httpx

from vanish_client import Job, Refused, Vanish

EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/tiff": ".tif",
    "image/png": ".png",
    "image/webp": ".webp",
}


def walk(vanish: Vanish, options: argparse.Namespace) -> Path:
    """Upload, look, remove, wait, download; returns where the result lies."""
    photo = vanish.upload(options.photo)
    print(f"Uploaded {photo['title']}: {photo['width']} x {photo['height']} pixels")
    if options.mask:
        edit = vanish.remove(photo["id"], mask=options.mask)
    else:
        for item in vanish.detections(photo["id"]):
            place = "" if item["box"] else " (somewhere)"
            print(f"Found {item['label']}, {item['confidence']:.0%} sure{place}")
        edit = vanish.remove(photo["id"], labels=options.labels)
    for warning in edit.get("warnings", []):
        print(f"Warning: {warning['message']}", file=sys.stderr)
    edit = vanish.finished_edit(edit["id"], _tell)
    picture = vanish.download(str(edit["revision"]), format=options.format)
    output: Path = options.output or options.photo.with_name(
        f"{options.photo.stem}-vanished{EXTENSIONS.get(picture.mime, options.photo.suffix)}"
    )
    output.write_bytes(picture.data)
    return output


def _tell(job: Job) -> None:
    place = f", number {job['queue_position']} in the queue" if job["queue_position"] else ""
    print(f"{job['state']} {job['progress']:.0%}{place}", file=sys.stderr)


def _labels(text: str) -> list[str]:
    return [label.strip() for label in text.split(",") if label.strip()]


def read_options(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line; ends the program with a line of help where it makes no sense."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photo", type=Path)
    goal = parser.add_mutually_exclusive_group(required=True)
    goal.add_argument("--labels", type=_labels, help="what to remove, like person,dog")
    goal.add_argument("--mask", type=Path, help="a PNG of the photo's size, white = remove")
    parser.add_argument("-o", "--output", type=Path, help="default: PHOTO-vanished beside it")
    parser.add_argument(
        "--format", default="original", choices=["original", "jpeg", "png", "webp", "tiff"]
    )
    parser.add_argument(
        "--server", default=os.environ.get("VANISH_SERVER", "http://127.0.0.1:8000")
    )
    parser.add_argument("--email", help="whose photos these are; or set VANISH_TOKEN")
    options = parser.parse_args(arguments)
    if not options.email and not os.environ.get("VANISH_TOKEN"):
        parser.error("give --email (and VANISH_PASSWORD in the environment), or VANISH_TOKEN")
    if options.email and not os.environ.get("VANISH_PASSWORD"):
        parser.error("--email needs VANISH_PASSWORD in the environment")
    return options


def main() -> int:
    """Exit status 0 when the result lies there, 1 when somebody said no."""
    options = read_options()
    try:
        with Vanish(options.server, token=os.environ.get("VANISH_TOKEN", "")) as vanish:
            if options.email:
                vanish.sign_in(options.email, os.environ["VANISH_PASSWORD"])
            print(f"Saved {walk(vanish, options)}")
    except (Refused, OSError, httpx.HTTPError) as error:
        print(f"{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
