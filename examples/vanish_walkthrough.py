#!/usr/bin/env python3
"""Make something vanish from a photo over HTTP: the whole way through the API of a running server.

Needs Python 3.12 and httpx (`pip install httpx`), nothing else of this repository.

    export VANISH_PASSWORD=...
    python examples/vanish_walkthrough.py beach.jpg --email me@example.org --labels person,dog
    python examples/vanish_walkthrough.py beach.jpg --email me@example.org --mask hole.png

A mask is a PNG of the photo's size: white (255) goes, black (0) stays. A token from the page
“Tokens” does instead of e-mail address and password: VANISH_TOKEN.
"""

import argparse
import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import sleep
from typing import Any, Self

import httpx

Json = dict[str, Any]
UNFINISHED = ("queued", "running")
POLL_SECONDS = 0.5
ATTEMPTS = 5
EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/tiff": ".tif",
    "image/png": ".png",
    "image/webp": ".webp",
}


class Refused(Exception):
    """The server said no; the text is its own."""


class Vanish:
    """The few calls of the API that the main job needs."""

    def __init__(self, server: str) -> None:
        """`server` like http://127.0.0.1:8000."""
        root = f"{server.rstrip('/')}/api/v1/"
        # A result may lie elsewhere: httpx leaves the token behind when it is sent there.
        self._http = httpx.Client(base_url=root, timeout=120, follow_redirects=True)
        self._storage = httpx.Client(timeout=120)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.close()
        self._storage.close()

    def use_token(self, token: str) -> None:
        """Send this token from now on."""
        self._http.headers["Authorization"] = f"Token {token}"

    def sign_in(self, email: str, password: str) -> None:
        """Make a token that lives a day, and use it."""
        body = {
            "email": email,
            "password": password,
            "name": "walkthrough",
            "scopes": ["read", "write"],
            "expires_in_days": 1,
        }
        self.use_token(self._json("POST", "auth/tokens/", json=body)["token"])

    def upload(self, photo: Path) -> Json:
        """The new photo: announced, sent piece by piece to where the server says, taken in."""
        data = photo.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        facts = {"filename": photo.name, "length": len(data), "sha256": digest}
        upload = self._json("POST", "uploads/", json=facts)
        for attempt in range(ATTEMPTS):
            try:
                for part in upload["requests"]:
                    self._send(part, data)
                break
            except httpx.TransportError:
                if attempt == ATTEMPTS - 1:
                    raise
                sleep(2**attempt)
                # Only what has not arrived yet is asked for again.
                upload = self._json("GET", f"uploads/{upload['id']}/")
        return self._json("POST", f"uploads/{upload['id']}/photo/")

    def _send(self, part: Json, data: bytes) -> None:
        """The address itself is the right to write there, so no token goes with it."""
        piece = data[part["offset"] : part["offset"] + part["length"]]
        body: Json = {"content": piece}
        if part["fields"]:
            body = {"data": part["fields"], "files": {"file": piece}}
        url = self._http.base_url.join(part["url"])
        _checked(self._storage.request(part["method"], url, headers=part["headers"], **body))

    def detections(self, photo_id: str) -> Json:
        """What was found so far, and whether the look for objects has ended."""
        return self._json("GET", f"photos/{photo_id}/detections/")

    def remove_labels(self, photo_id: str, labels: list[str]) -> Json:
        """The edit that removes all detected objects with these labels."""
        return self._json("POST", f"photos/{photo_id}/edits/", json={"labels": labels})

    def remove_mask(self, photo_id: str, mask: Path) -> Json:
        """The edit that removes what is white in the mask."""
        with mask.open("rb") as file:
            files = {"mask_file": (mask.name, file)}
            return self._json("POST", f"photos/{photo_id}/edits/", files=files)

    def edit(self, edit_id: str) -> Json:
        """The edit as it is now."""
        return self._json("GET", f"edits/{edit_id}/")

    def download(self, revision_id: str, picture_format: str) -> tuple[bytes, str]:
        """The full-size picture and its media type."""
        path = f"revisions/{revision_id}/download/"
        answer = _checked(self._http.get(path, params={"format": picture_format}))
        return answer.content, answer.headers["Content-Type"]

    def _json(self, method: str, path: str, **body: Any) -> Json:
        answer: Json = _checked(self._http.request(method, path, **body)).json()
        return answer


def _checked(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    if answer.headers.get("Content-Type", "").startswith("application/problem+json"):
        problem = answer.json()
        raise Refused(f"{problem['detail']} ({problem['type']}, {answer.status_code})")
    raise Refused(f"The server answered {answer.status_code} to {answer.request.url}.")


def wait_until_finished(ask: Callable[[], Json], what: str) -> Json:
    """Ask until the state is an end; raises Refused with the error of a failed one."""
    while (job := ask())["state"] in UNFINISHED:
        progress = f" {job['progress']:.0%}" if "progress" in job else ""
        print(f"{what}: {job['state']}{progress}", file=sys.stderr)
        sleep(POLL_SECONDS)
    if job["state"] != "succeeded":
        reason = job["error"]["message"] if job["error"] else job["state"]
        raise Refused(f"{what}: {reason}")
    return job


def walk(vanish: Vanish, options: argparse.Namespace) -> Path:
    """Upload, look, remove, wait, download; returns where the result lies."""
    photo = vanish.upload(options.photo)
    print(f"Uploaded {photo['title']}: {photo['width']} x {photo['height']} pixels")
    if options.mask:
        edit = vanish.remove_mask(photo["id"], options.mask)
    else:
        found = wait_until_finished(lambda: vanish.detections(photo["id"]), "Looking for objects")
        for item in found["results"]:
            place = "" if item["box"] else " (somewhere)"
            print(f"Found {item['label']}, {item['confidence']:.0%} sure{place}")
        edit = vanish.remove_labels(photo["id"], options.labels)
    edit = wait_until_finished(lambda: vanish.edit(edit["id"]), edit["label"])
    data, mime = vanish.download(edit["revision"], options.format)
    output: Path = options.output or options.photo.with_name(
        f"{options.photo.stem}-vanished{EXTENSIONS.get(mime, options.photo.suffix)}"
    )
    output.write_bytes(data)
    return output


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
    parser.add_argument("--server", default="http://127.0.0.1:8000")
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
        with Vanish(options.server) as vanish:
            if options.email:
                vanish.sign_in(options.email, os.environ["VANISH_PASSWORD"])
            else:
                vanish.use_token(os.environ["VANISH_TOKEN"])
            print(f"Saved {walk(vanish, options)}")
    except (Refused, OSError, httpx.HTTPError) as error:
        print(f"{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
