"""Calls of the API as scripts and pages make them."""

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
    """Somebody who calls: in a session, by a token, or nobody."""

    client: Client = field(default_factory=Client)
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **query: Any) -> Any:
        return _read(self.client.get(_absolute(path), query, headers=self.headers))

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """`body` as JSON; None sends nothing."""
        call = getattr(self.client, method.lower())
        data = b"" if body is None else body
        kind = "application/json"
        return _read(call(_absolute(path), data, content_type=kind, headers=self.headers))

    def post(self, path: str, body: Any = None) -> Any:
        return self.send("POST", path, body)

    def patch(self, path: str, body: Any) -> Any:
        return self.send("PATCH", path, body)

    def delete(self, path: str) -> Any:
        return self.send("DELETE", path)

    def form(self, path: str, **fields: Any) -> Any:
        """`fields` as multipart/form-data; bytes become a file."""
        data = {name: _part(name, value) for name, value in fields.items()}
        return _read(self.client.post(_absolute(path), data, headers=self.headers))


def session(user: User) -> Caller:
    """In a session, as on our pages."""
    caller = Caller()
    caller.client.force_login(user)
    return caller


def by_token(text: str) -> Caller:
    """With a token, as in a script."""
    return Caller(headers={"Authorization": f"Bearer {text}"})


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The body of a refusal, checked for its shape."""
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), body
    assert body["type"] == f"/docs/problems/{code}/"
    assert status in PROBLEMS[code].statuses
    assert answer["Content-Type"] == PROBLEM
    assert body["status"] == status
    assert body["title"] == PROBLEMS[code].title
    assert body["detail"]
    return body


def pointers(body: dict[str, Any]) -> list[str]:
    """Where the inputs at fault of a refusal stand."""
    return [fault["pointer"] for fault in body["errors"]]


def _read(answer: Any) -> Any:
    """The answer with its whole `body`, a file's too, which is closed by that."""
    answer = follow_redirect(answer)
    answer.body = answer.getvalue()
    return answer


def _absolute(path: str) -> str:
    return path if path.startswith("/") else ROOT + path


def _part(name: str, value: Any) -> Any:
    return SimpleUploadedFile(f"{name}.png", value) if isinstance(value, bytes) else value
