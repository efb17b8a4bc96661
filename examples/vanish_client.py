"""A client of Vanish's API in one file: copy it next to your own code.

It needs Python 3.12 and httpx (`pip install httpx`), and nothing else from this repository.

    vanish = Vanish("http://127.0.0.1:8000", token="...")
    photo = vanish.upload(Path("beach.jpg"))
    edit = vanish.wait_for_edit(vanish.remove(photo["id"], labels=["person"])["id"])
    Path("empty.jpg").write_bytes(vanish.download(edit["revision"]).data)

Each POST has an `Idempotency-Key`, so a request that is repeated after a connection error takes
effect once. For all other calls of the API there is `call_json`.
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
RETRY_STATUSES = {429, 502, 503, 504}

Json = dict[str, Any]
State = Literal["queued", "running", "succeeded", "failed", "cancelled"]


class Links(TypedDict):
    """A revision of a photo, with the URL of its file."""

    id: str
    download: str


class Photo(TypedDict):
    """A photo; the other fields of the API are present too."""

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
    """A job of the server, with its state and progress."""

    id: str
    photo: str
    state: State
    progress: float
    queue_position: int | None
    error: Json | None


class Edit(Job):
    """A job that removes something from a photo."""

    label: str
    mask: str
    grow: int
    feather: int
    missing_labels: list[str]
    revision: str | None
    created_at: str
    started_at: str | None
    warnings: NotRequired[list[Json]]


@dataclass(frozen=True)
class Picture:
    """A file, and its media type."""

    data: bytes
    mime: str


class VanishError(Exception):
    """The server refused a request, or a job failed; `problem` has the fields of RFC 9457.

    `cause` is the code of the job's error where `code` only says that `vanish/` failed.
    """

    def __init__(self, message: str, *, code: str, status: int = 0, problem: Json | None = None):
        super().__init__(f"{message} ({code}, {status})" if status else message)
        self.code = code
        self.status = status
        self.problem = problem or {}
        self.cause = str((self.problem.get("error") or {}).get("code", code))


class Vanish:
    """The main calls of the API. The token comes from the page “Tokens” or from `sign_in`."""

    def __init__(self, server: str, token: str = "") -> None:
        root = f"{server.rstrip('/')}/api/v1/"
        # Results may be on another host; when httpx follows a redirect there, it drops the token.
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
        """Use this token for all further requests."""
        self._http.headers["Authorization"] = f"Bearer {token}"

    def sign_in(self, email: str, password: str, *, name: str = "vanish_client") -> None:
        """Create a token that is valid for a day, and use it."""
        body = {"email": email, "password": password, "name": name, "expires_in_days": 1}
        self.use_token(self.call_json("POST", "auth/tokens/", json=body)["token"])

    def upload(self, file: Path, *, album: str | None = None) -> Photo:
        """Upload a photo: announce it, send its parts to the server's URLs, and complete it."""
        data = file.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        facts = {"filename": file.name, "length": len(data), "sha256": digest, "album": album}
        upload = self.call_json("POST", "uploads/", json=facts)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                for part in upload["requests"]:
                    self._send_part(part, data)
                break
            except httpx.TransportError:
                if attempt == ATTEMPTS:
                    raise
                time.sleep(2**attempt)
                # The new response lists only the parts that have not arrived yet.
                upload = self.call_json("GET", f"uploads/{upload['id']}/")
        return cast(Photo, self.call_json("POST", f"uploads/{upload['id']}/photo/"))

    def list_detections(self, photo_id: str) -> list[Detection]:
        """Wait until the detection run of a photo has ended, and return the detections."""
        path = f"photos/{photo_id}/detections/"
        run = self.call_json("GET", path)["run"]
        if run:
            self._wait_for_job(f"detection-runs/{run}/", None)
        return cast(list[Detection], list(self.iterate_rows(path)))

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
        """Create an edit that removes the union of all arguments, and return it immediately.

        In the mask, a PNG of the photo's size, white is removed and black stays. `settings` are
        `if_missing`, `grow`, `feather`, `shadows`, `inpainter`, `base_revision`, `base_edit`.
        """
        if mask is not None:
            saved_mask = self.call_json(
                "POST", f"photos/{photo_id}/masks/", files={"file": (mask.name, mask.read_bytes())}
            )
            settings["mask"] = saved_mask["id"]
        named = {"labels": labels, "detections": detections, "boxes": boxes, "polygons": polygons}
        body = settings | {key: list(value) for key, value in named.items() if value}
        return cast(Edit, self.call_json("POST", f"photos/{photo_id}/edits/", json=body))

    def get_edit(self, edit_id: str) -> Edit:
        """Return the current state of an edit."""
        return cast(Edit, self.call_json("GET", f"edits/{edit_id}/"))

    def wait_for_edit(self, edit_id: str, watch: Callable[[Job], object] | None = None) -> Edit:
        """Return an edit once it has succeeded; call `watch` until then. Raises VanishError."""
        return cast(Edit, self._wait_for_job(f"edits/{edit_id}/", watch))

    def download(self, revision_id: str, **query: Any) -> Picture:
        """Download a revision; `format`, `quality` and `size` are parameters of the API."""
        response = self.call("GET", f"revisions/{revision_id}/download/", params=query)
        return Picture(response.content, response.headers["Content-Type"])

    def remove_from_file(self, file: Path, *, mask: Path | None = None, **fields: Any) -> Picture:
        """Send a picture and return it without what the fields name; the server stores nothing.

        `fields` are those of `POST /vanish/`: `labels`, `if_missing`, `grow`, `format`…
        """
        files = {"image": (file.name, file.read_bytes())}
        if mask is not None:
            files["mask"] = (mask.name, mask.read_bytes())
        # No Idempotency-Key: the server would have to store the picture for it.
        headers = {"Prefer": "wait=30", "Idempotency-Key": ""}
        response = self.call("POST", "vanish/", data=fields, files=files, headers=headers)
        if response.status_code != httpx.codes.ACCEPTED:
            return Picture(response.content, response.headers["Content-Type"])
        edit = self.wait_for_edit(response.json()["id"])
        query = {"format": fields["format"]} if "format" in fields else {}
        picture = self.download(str(edit["revision"]), **query)
        self.call("DELETE", f"photos/{edit['photo']}/")
        return picture

    def iterate_rows(self, path: str, **query: Any) -> Iterator[Json]:
        """Yield the rows of a list; each page is requested when its first row is needed."""
        page: Json = self.call_json("GET", path, params=query)
        yield from page["results"]
        while page["next"]:
            page = self.call_json("GET", page["next"])
            yield from page["results"]

    def call_json(self, method: str, path: str, **request: Any) -> Json:
        """Call the API and return the JSON response; see `call`."""
        return cast(Json, self.call(method, path, **request).json())

    def call(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Send a request, with retries; arguments as of httpx. Raises VanishError, HTTPError."""
        key = {"Idempotency-Key": str(uuid.uuid4())} if method == "POST" else {}
        headers = key | dict(request.pop("headers", {}))
        headers = {name: value for name, value in headers.items() if value}
        url = self._http.base_url.join(path)
        for attempt in range(1, ATTEMPTS):
            try:
                response = self._http.request(method, url, headers=headers, **request)
            except httpx.TransportError:
                time.sleep(2**attempt / 4)
                continue
            pause = _choose_pause(response, attempt)
            if not _may_succeed_later(response) or pause > LONGEST_PAUSE:
                return _check_response(response)
            time.sleep(pause)
        return _check_response(self._http.request(method, url, headers=headers, **request))

    def _send_part(self, part: Mapping[str, Any], data: bytes) -> None:
        """Send one part. Its URL is signed, so the token is not sent."""
        piece = data[part["offset"] : part["offset"] + part["length"]]
        body: Json = {"content": piece}
        if part["fields"]:
            body = {"data": part["fields"], "files": {"file": piece}}
        url = self._http.base_url.join(part["url"])
        _check_response(self._storage.request(part["method"], url, headers=part["headers"], **body))

    def _wait_for_job(self, path: str, watch: Callable[[Job], object] | None) -> Job:
        while True:
            response = self.call("GET", path, headers={"Prefer": f"wait={WAIT_SECONDS}"})
            job = cast(Job, response.json())
            if watch:
                watch(job)
            if job["state"] not in UNFINISHED:
                break
            if "Preference-Applied" not in response.headers:
                time.sleep(_choose_pause(response, 1))
        if job["state"] == "succeeded":
            return job
        error = job["error"] or {"message": "It was cancelled.", "code": "job_cancelled"}
        raise VanishError(error["message"], code=error["code"])


def _may_succeed_later(response: httpx.Response) -> bool:
    """Return whether the same request may succeed a little later."""
    is_in_progress = response.status_code == 409 and "Retry-After" in response.headers
    return response.status_code in RETRY_STATUSES or is_in_progress


def _choose_pause(response: httpx.Response, attempt: int) -> float:
    """Return the seconds of the Retry-After header, or else a pause that grows at each attempt."""
    retry_after = response.headers.get("Retry-After", "")
    return float(retry_after) if retry_after.isdigit() else 2**attempt / 4


def _check_response(response: httpx.Response) -> httpx.Response:
    if response.is_success:
        return response
    if response.headers.get("Content-Type", "").startswith("application/problem+json"):
        problem: Json = response.json()
        raise VanishError(
            problem["detail"], code=problem["code"], status=response.status_code, problem=problem
        )
    raise VanishError(
        f"Unexpected response to {response.request.url}.", code="http", status=response.status_code
    )
