"""Garbage at every address: a problem as the response, never a 5xx, nothing half-saved."""

import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from gallery.models import Album, AlbumMember, Photo, Role
from inpainting.models import Edit, Mask
from tests import people, rows
from tests.api.caller import PROBLEM, Caller, check_problem, sign_in

pytestmark = pytest.mark.django_db

JSON = "application/json"
FORM = "multipart/form-data; boundary=b"
NAME = b'--b\r\nContent-Disposition: form-data; name="name"\r\n'

UNREADABLE: dict[str, tuple[str, bytes]] = {
    "half JSON": (JSON, b'{"name": '),
    "no UTF-8": (JSON, b'{"name": "\xff\xfe"}'),
    "NaN": (JSON, b'{"grow": NaN, "name": NaN}'),
    "deep lists": (JSON, b"[" * 200_000),
    "deep objects": (JSON, b'{"name":' * 100_000),
    "long number": (JSON, b'{"grow": ' + b"9" * 100_000 + b"}"),
    "lone surrogate": (JSON, b'{"name": "\\ud800", "role": "\\ud800", "labels": ["\\udfff"]}'),
    "list": (JSON, b"[]"),
    "string": (JSON, b'"name"'),
    "number": (JSON, b"7"),
    "null": (JSON, b"null"),
    "JSON in bz2": ("application/json; charset=bz2_codec", b"BZh9"),
    "JSON in UTF-7": ("application/json; charset=utf-7", b'{"name": "+2AA-"}'),
    "text": ("text/plain", b"name=x"),
    "XML": ("application/xml", b"<name/>"),
    "urlencoded": ("application/x-www-form-urlencoded", b"name=x"),
    "no type": ("", b"name=x"),
    "form without end": (FORM, b'--b\r\nContent-Disposition: form-data; name="file"'),
    "form without boundary": ("multipart/form-data", b"--b\r\n"),
    "form of bad base64": (
        FORM,
        NAME + b"Content-Transfer-Encoding: base64\r\n\r\n!\r\n--b--\r\n",
    ),
    "form in bz2": (
        "multipart/form-data; boundary=b; charset=bz2_codec",
        NAME + b"\r\nx\r\n--b--\r\n",
    ),
    "form of 2,000 fields": (
        FORM,
        (NAME + b"\r\nx\r\n") * 2000 + b"--b--\r\n",
    ),
    "form of 200 files": (
        FORM,
        b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nx\r\n' * 200
        + b"--b--\r\n",
    ),
}

WRONG_VALUES: list[Any] = [
    None,
    True,
    -1,
    0,
    10**40,
    -(10**40),
    1e308,
    "",
    " ",
    "\0",
    "a\0b",
    "x" * 100_000,
    "💥" * 500,
    "'; DROP TABLE gallery_photo; --",
    "{{ 7 * 7 }}",
    [],
    [[]],
    [None],
    ["\0"],
    [{"x": {}}],
    {},
    {"a": {"b": [1]}},
    [{"x": 10**40, "y": -1, "width": "wide", "height": None}],
    str(uuid.UUID(int=0)),
    [str(uuid.UUID(int=0))],
]
FIELDS = {
    "auth/tokens/": ("email", "password", "name", "scopes", "expires_in_days"),
    "albums/": ("name",),
    "albums/{album}/": ("name",),
    "albums/{album}/members/": ("email", "role"),
    "albums/{album}/members/{member}/": ("role",),
    "photos/": ("file", "url", "example", "album", "title"),
    "photos/{photo}/": ("title", "album"),
    "photos/{photo}/masks/": ("file", "name"),
    "photos/{photo}/edits/": (
        "detections", "labels", "boxes", "shadows", "mask", "mask_file", "inpainter", "grow",
        "feather", "base_revision", "base_edit",
    ),
}  # fmt: skip
PATCH_PATHS = ("albums/{album}/", "albums/{album}/members/{member}/", "photos/{photo}/")
EVERY_FIELD = [
    pytest.param(template, name, id=f"{template} {name}")
    for template, names in FIELDS.items()
    for name in names
]
PATHS_WITHOUT_BODY = (
    "photos/{photo}/undo/",
    "photos/{photo}/redo/",
    "photos/{photo}/detections/",
    "revisions/{revision}/restore/",
)


@dataclass
class Target:
    """Alice's rows and a caller signed in as Alice."""

    photo: Photo
    member: AlbumMember
    caller: Caller

    def build_path(self, template: str) -> str:
        ids = {
            "album": self.photo.album_id,
            "member": self.member.pk,
            "photo": self.photo.pk,
            "revision": self.photo.current_id,
        }
        return f"/api/v1/{template.format(**ids)}"


@pytest.fixture
def target(alice: User, bob: User) -> Target:
    photo = rows.upload(alice)
    return Target(photo, rows.share(photo.album, bob, Role.VIEWER), sign_in(alice))


def is_client_problem(response: Any) -> bool:
    return bool(400 <= response.status_code < 500 and response["Content-Type"] == PROBLEM)


def count_rows() -> list[int]:
    return [model.objects.count() for model in (Album, AlbumMember, Photo, Mask, Edit)]


@pytest.mark.parametrize("kind", UNREADABLE)
def test_unreadable_bodies_are_refused(target: Target, kind: str) -> None:
    content_type, body = UNREADABLE[kind]
    before = count_rows()
    for template in FIELDS:
        method = "PATCH" if template in PATCH_PATHS else "POST"
        response = target.caller.client.generic(
            method, target.build_path(template), body, content_type=content_type
        )
        assert is_client_problem(response), (template, response.status_code, response.content)
    assert count_rows() == before


@pytest.mark.parametrize("kind", UNREADABLE)
def test_unexpected_bodies_cause_no_server_error(target: Target, kind: str) -> None:
    content_type, body = UNREADABLE[kind]
    for template in PATHS_WITHOUT_BODY:
        response = target.caller.client.generic(
            "POST", target.build_path(template), body, content_type=content_type
        )
        assert response.status_code < 500, (template, response.content)


@pytest.mark.parametrize("kind", UNREADABLE)
def test_unreadable_bodies_are_refused_with_csrf_checks(
    target: Target, alice: User, kind: str
) -> None:
    content_type, body = UNREADABLE[kind]
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    for template in FIELDS:
        response = client.generic(
            "POST", target.build_path(template), body, content_type=content_type
        )
        assert is_client_problem(response), (template, response.status_code, response.content)


@pytest.mark.parametrize(("template", "name"), EVERY_FIELD)
def test_wrong_values_in_any_field_cause_no_server_error(
    target: Target, template: str, name: str
) -> None:
    method = "PATCH" if template in PATCH_PATHS else "POST"
    for value in WRONG_VALUES:
        response = target.caller.send(method, target.build_path(template), {name: value})
        assert response.status_code < 500, (value, response.content)
        if response.status_code >= 400:
            assert is_client_problem(response), value


@pytest.mark.parametrize(("template", "name"), EVERY_FIELD)
def test_wrong_texts_in_any_form_cause_no_server_error(
    target: Target, template: str, name: str
) -> None:
    for value in WRONG_VALUES:
        text = value if isinstance(value, str) else repr(value)
        response = target.caller.post_form(target.build_path(template), **{name: text})
        assert response.status_code < 500, (value, response.content)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\0b.png", "\r\n.png", "💥" * 300, "", "."])
def test_uploads_with_hostile_file_names_are_refused(target: Target, name: str) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="'
        + name.encode()
        + b'"\r\nContent-Type: image/png\r\n\r\nno picture\r\n--b--\r\n'
    )
    for template in ("photos/", "photos/{photo}/masks/"):
        response = target.caller.client.generic(
            "POST", target.build_path(template), body, content_type=FORM
        )
        assert is_client_problem(response), response.content


@pytest.mark.parametrize("length", ["-1", "x", "9" * 30, "1e9", ""])
def test_invalid_content_lengths_are_refused(target: Target, length: str) -> None:
    for template in ("photos/", "albums/"):
        response = target.caller.client.generic(
            "POST", target.build_path(template), b"{}", content_type=JSON, CONTENT_LENGTH=length
        )
        assert is_client_problem(response), response.content


def test_chunks_are_refused_where_the_server_does_not_mark_their_end(target: Target) -> None:
    response = target.caller.client.generic(
        "POST", target.build_path("albums/"), b"", headers={"Transfer-Encoding": "chunked"}
    )
    check_problem(response, 411, "length_required")


@pytest.mark.parametrize(
    "header",
    ["Token", "Token x y", "Token \xff", "Token " + "x" * 5000, "Token \0", "Bearer x", "Basic !"],
)
def test_invalid_authorization_headers_get_401(header: str, db: None) -> None:
    response = Caller(headers={"Authorization": header}).get("me/")
    assert response.status_code == 401
    assert is_client_problem(response)


@pytest.mark.parametrize("value", [value for value in WRONG_VALUES if isinstance(value, str)])
def test_hostile_queries_cause_no_server_error(target: Target, value: str) -> None:
    for template in ("photos/", "albums/", "photos/{photo}/edits/", "examples/"):
        for name in ("album", "page", "format", "version", "lang"):
            response = target.caller.get(target.build_path(template), **{name: value})
            assert response.status_code < 500, (name, response.content)
    download = target.build_path("revisions/{revision}/download/")
    assert is_client_problem(target.caller.get(download, format=value))
    assert Caller().get("schema/", version=value, lang=value).status_code == 200


def test_wrong_values_as_credentials_are_refused() -> None:
    people.create_person("dana", password=people.PASSWORD)
    for value in WRONG_VALUES:
        for name in ("email", "password"):
            body = {"email": "dana@people.example", "password": "x", "name": "y"} | {name: value}
            response = Caller().post("auth/tokens/", body)
            assert is_client_problem(response), (name, value, response.content)
