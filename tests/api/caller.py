"""Clients that call the API as scripts and pages do."""

from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from tests.redirects import follow_redirect
from web.problems import PROBLEMS

ROOT = "/api/v1/"
PROBLEM = "application/problem+json"


@dataclass
class Caller:
    """A client of the API: signed in by a session, by a token, or anonymous."""

    client: Client = field(default_factory=Client)
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **query: Any) -> Any:
        return _read_body(self.client.get(_build_path(path), query, headers=self.headers))

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Send `body` as JSON; None sends an empty body."""
        call = getattr(self.client, method.lower())
        data = b"" if body is None else body
        kind = "application/json"
        return _read_body(call(_build_path(path), data, content_type=kind, headers=self.headers))

    def post(self, path: str, body: Any = None) -> Any:
        return self.send("POST", path, body)

    def patch(self, path: str, body: Any) -> Any:
        return self.send("PATCH", path, body)

    def delete(self, path: str) -> Any:
        return self.send("DELETE", path)

    def post_form(self, path: str, **fields: Any) -> Any:
        """Post `fields` as multipart/form-data; bytes become a file."""
        data = {name: _build_part(name, value) for name, value in fields.items()}
        return _read_body(self.client.post(_build_path(path), data, headers=self.headers))


def sign_in(user: User) -> Caller:
    """Return a caller signed in by a session, as on our pages."""
    caller = Caller()
    caller.client.force_login(user)
    return caller


def use_token(text: str) -> Caller:
    """Return a caller that sends this token, as a script does."""
    return Caller(headers={"Authorization": f"Bearer {text}"})


def check_problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """Check that the response is this problem and return its body."""
    body: dict[str, Any] = response.json()
    assert (response.status_code, body["code"]) == (status, code), body
    assert body["type"] == f"/docs/problems/{code}/"
    assert status in PROBLEMS[code].statuses
    assert response["Content-Type"] == PROBLEM
    assert body["status"] == status
    assert body["title"] == PROBLEMS[code].title
    assert body["detail"]
    return body


def list_pointers(body: dict[str, Any]) -> list[str]:
    """Return the JSON pointers of the faults in a problem."""
    return [fault["pointer"] for fault in body["errors"]]


def _read_body(response: Any) -> Any:
    """Return the response with its whole `body`; reading it closes a file."""
    response = follow_redirect(response)
    response.body = response.getvalue()
    return response


def _build_path(path: str) -> str:
    return path if path.startswith("/") else ROOT + path


def _build_part(name: str, value: Any) -> Any:
    return SimpleUploadedFile(f"{name}.png", value) if isinstance(value, bytes) else value
