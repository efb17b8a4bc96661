"""A client of Vanish's API, in one file: copy it beside your own code.

Needs Python 3.12 and httpx (`pip install httpx`), nothing else of this repository.

    vanish = Vanish("http://127.0.0.1:8000", token="...")
    photo = vanish.upload(Path("beach.jpg"))
    edit = vanish.finished_edit(vanish.remove(photo["id"], labels=["person"])["id"])
    Path("empty.jpg").write_bytes(vanish.download(edit["revision"]).data)

A POST carries an `Idempotency-Key`: what a lost connection interrupts is sent again, done once.
What the methods don't cover, `json` does.
"""

import hashlib
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NotRequired, Self, TypedDict, cast

import httpx

ATTEMPTS = 6
LONGEST_PAUSE = 60.0
WAIT_SECONDS = 10
UNFINISHED = ("queued", "running")
TRY_AGAIN = {429, 502, 503, 504}

Json = dict[str, Any]
State = Literal["queued", "running", "succeeded", "failed", "cancelled"]


class Links(TypedDict):
    """A state of a photo."""

    id: str
    download: str


class Photo(TypedDict):
    """A photo; what else the API says of it is there too."""

    id: str
    title: str
    width: int
    height: int
    current: Links
    original_revision: Links
    detection_state: State | None


Box = TypedDict("Box", {"x": int, "y": int, "width": int, "height": int})  # noqa: UP013


class Detection(TypedDict):
    id: str
    label: str
    confidence: float
    detector: str
    box: Box | None
    outline: list[list[list[float]]]


class Job(TypedDict):
    """Work of the server's, and how far it is."""

    id: str
    photo: str
    state: State
    progress: float
    queue_position: int | None
    error: Json | None


class Edit(Job):
    """Something is made to vanish."""

    label: str
    mask: str
    feather: int
    revision: str | None
    created_at: str
    started_at: str | None
    warnings: NotRequired[list[Json]]


@dataclass(frozen=True)
class Picture:
    """A file, and its media type."""

    data: bytes
    mime: str


class Refused(Exception):
    """The server said no, in its own words: a stable `code`, and all of the RFC 9457 `problem`."""

    def __init__(self, message: str, *, code: str, status: int = 0, problem: Json | None = None):
        super().__init__(f"{message} ({code}, {status})" if status else message)
        self.code = code
        self.status = status
        self.problem = problem or {}


class Vanish:
    """The calls that the main job needs, with a token of the page “Tokens” or of `sign_in`."""

    def __init__(self, server: str, token: str = "") -> None:
        root = f"{server.rstrip('/')}/api/v1/"
        # A result may lie elsewhere: httpx leaves the token behind when it is sent there.
        self._http = httpx.Client(base_url=root, timeout=120, follow_redirects=True)
        self._storage = httpx.Client(timeout=120)
        if token:
            self.use_token(token)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.close()
        self._storage.close()

    def use_token(self, token: str) -> None:
        """Send this token from now on."""
        self._http.headers["Authorization"] = f"Bearer {token}"

    def sign_in(self, email: str, password: str, *, name: str = "vanish_client") -> None:
        """Make a token that lives a day, and use it."""
        who = {"email": email, "password": password, "name": name, "expires_in_days": 1}
        self.use_token(self.json("POST", "auth/tokens/", json=who)["token"])

    def upload(self, file: Path, *, album: str | None = None) -> Photo:
        """A new photo: announced, sent piece by piece to where the server says, taken in."""
        data = file.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        facts = {"filename": file.name, "length": len(data), "sha256": digest, "album": album}
        upload = self.json("POST", "uploads/", json=facts)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                for part in upload["requests"]:
                    self._send_part(part, data)
                break
            except httpx.TransportError:
                if attempt == ATTEMPTS:
                    raise
                time.sleep(2**attempt)
                # Only what has not arrived yet is asked for again.
                upload = self.json("GET", f"uploads/{upload['id']}/")
        return cast(Photo, self.json("POST", f"uploads/{upload['id']}/photo/"))

    def detections(self, photo_id: str) -> list[Detection]:
        """What was found in a photo, once the look for objects has ended."""
        path = f"photos/{photo_id}/detections/"
        run = self.json("GET", path)["run"]
        if run:
            self._finished(f"detection-runs/{run}/", None)
        return cast(list[Detection], list(self.every(path)))

    def remove(
        self,
        photo_id: str,
        *,
        labels: Sequence[str] = (),
        detections: Sequence[str] = (),
        boxes: Sequence[Box] = (),
        polygons: Sequence[Sequence[tuple[float, float]]] = (),
        mask: Path | None = None,
        **settings: Any,
    ) -> Edit:
        """Ask for the union of all that is named to vanish; answers at once.

        In the mask, a PNG of the photo's size, white goes and black stays. `settings` are `grow`,
        `feather`, `shadows`, `inpainter`, `base_revision`, `base_edit`.
        """
        path = f"photos/{photo_id}/edits/"
        if mask is not None:
            kept = self.json(
                "POST", f"photos/{photo_id}/masks/", files={"file": (mask.name, mask.read_bytes())}
            )
            settings["mask"] = kept["id"]
        named = {"labels": labels, "detections": detections, "boxes": boxes, "polygons": polygons}
        wish = settings | {key: list(value) for key, value in named.items() if value}
        return cast(Edit, self.json("POST", path, json=wish))

    def edit(self, edit_id: str) -> Edit:
        """The edit as it is now."""
        return cast(Edit, self.json("GET", f"edits/{edit_id}/"))

    def finished_edit(self, edit_id: str, watch: Callable[[Job], object] | None = None) -> Edit:
        """The edit once it has succeeded, watched every few seconds. Raises Refused."""
        return cast(Edit, self._finished(f"edits/{edit_id}/", watch))

    def download(self, revision_id: str, **how: Any) -> Picture:
        """The full-size picture of a state; `format`, `quality` and `size` as the API has them."""
        answer = self.call("GET", f"revisions/{revision_id}/download/", params=how)
        return Picture(answer.content, answer.headers["Content-Type"])

    def vanish(self, file: Path, *, mask: Path | None = None, **wish: Any) -> Picture:
        """The picture without what is named, in one call; the server keeps none of it.

        `wish` are the fields of `POST /vanish/`: `labels`, `grow`, `format`…
        """
        files = {"image": (file.name, file.read_bytes())}
        if mask is not None:
            files["mask"] = (mask.name, mask.read_bytes())
        # Without an Idempotency-Key, for which the server would have to keep the picture.
        how = {"Prefer": "wait=30", "Idempotency-Key": ""}
        answer = self.call("POST", "vanish/", data=wish, files=files, headers=how)
        if answer.status_code != httpx.codes.ACCEPTED:
            return Picture(answer.content, answer.headers["Content-Type"])
        edit = self.finished_edit(answer.json()["id"])
        how_written = {"format": wish["format"]} if "format" in wish else {}
        picture = self.download(str(edit["revision"]), **how_written)
        self.call("DELETE", f"photos/{edit['photo']}/")
        return picture

    def every(self, path: str, **query: Any) -> Iterator[Json]:
        """The rows of a list, page by page as they are taken."""
        page: Json = self.json("GET", path, params=query)
        yield from page["results"]
        while page["next"]:
            page = self.json("GET", page["next"])
            yield from page["results"]

    def json(self, method: str, path: str, **request: Any) -> Json:
        """Any call of the API that answers JSON; arguments as of `httpx.Client.request`."""
        answer: Json = self.call(method, path, **request).json()
        return answer

    def call(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Any call of the API, tried again where that may help. Raises Refused, HTTPError."""
        headers = dict(request.pop("headers", {}))
        if method == "POST":
            headers.setdefault("Idempotency-Key", str(uuid.uuid4()))
        headers = {name: value for name, value in headers.items() if value}
        url = self._http.base_url.join(path)
        for attempt in range(1, ATTEMPTS):
            try:
                answer = self._http.request(method, url, headers=headers, **request)
            except httpx.TransportError:
                time.sleep(2**attempt / 4)
                continue
            pause = _pause(answer, attempt)
            if not _may_help(answer) or pause > LONGEST_PAUSE:
                return _checked(answer)
            time.sleep(pause)
        return _checked(self._http.request(method, url, headers=headers, **request))

    def _send_part(self, part: Mapping[str, Any], data: bytes) -> None:
        """The address itself is the right to write there, so no token goes with it."""
        piece = data[part["offset"] : part["offset"] + part["length"]]
        body: Json = {"content": piece}
        if part["fields"]:
            body = {"data": part["fields"], "files": {"file": piece}}
        url = self._http.base_url.join(part["url"])
        _checked(self._storage.request(part["method"], url, headers=part["headers"], **body))

    def _finished(self, path: str, watch: Callable[[Job], object] | None) -> Job:
        while True:
            answer = self.call("GET", path, headers={"Prefer": f"wait={WAIT_SECONDS}"})
            job = cast(Job, answer.json())
            if watch:
                watch(job)
            if job["state"] not in UNFINISHED:
                break
            if "Preference-Applied" not in answer.headers:
                time.sleep(_pause(answer, 1))
        if job["state"] == "succeeded":
            return job
        error = job["error"]
        if error is None:
            raise Refused("It was cancelled.", code="job_cancelled")
        raise Refused(error["message"], code=error["code"])


def _may_help(answer: httpx.Response) -> bool:
    """Whether the same call may go well a little later."""
    is_under_way = answer.status_code == 409 and "Retry-After" in answer.headers
    return answer.status_code in TRY_AGAIN or is_under_way


def _pause(answer: httpx.Response, attempt: int) -> float:
    """Seconds: what the server asks for, or longer each time."""
    asked = answer.headers.get("Retry-After", "")
    return float(asked) if asked.isdigit() else 2**attempt / 4


def _checked(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    if answer.headers.get("Content-Type", "").startswith("application/problem+json"):
        problem: Json = answer.json()
        raise Refused(
            problem["detail"], code=problem["code"], status=answer.status_code, problem=problem
        )
    raise Refused(
        f"The server answered so to {answer.request.url}.", code="http", status=answer.status_code
    )
