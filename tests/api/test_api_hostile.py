"""Garbage at every address: told what is wrong, never a 5xx, nothing half-saved."""

import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from gallery.models import Album, AlbumMember, Photo, Role
from inpainting.models import Edit, Mask
from tests import people, rows
from tests.api.caller import PROBLEM, Caller, problem, session

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
PATCHED = ("albums/{album}/", "albums/{album}/members/{member}/", "photos/{photo}/")
EVERY_FIELD = [
    pytest.param(template, name, id=f"{template} {name}")
    for template, names in FIELDS.items()
    for name in names
]
WITHOUT_BODY = (
    "photos/{photo}/undo/",
    "photos/{photo}/redo/",
    "photos/{photo}/detections/",
    "revisions/{revision}/restore/",
)


@dataclass
class Target:
    """What Alice has, and Alice."""

    photo: Photo
    member: AlbumMember
    caller: Caller

    def path(self, template: str) -> str:
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
    return Target(photo, rows.share(photo.album, bob, Role.VIEWER), session(alice))


def is_told_off(answer: Any) -> bool:
    return bool(400 <= answer.status_code < 500 and answer["Content-Type"] == PROBLEM)


def everything() -> list[int]:
    return [model.objects.count() for model in (Album, AlbumMember, Photo, Mask, Edit)]


@pytest.mark.parametrize("kind", UNREADABLE)
def test_bodies_that_cannot_be_read(target: Target, kind: str) -> None:
    content_type, body = UNREADABLE[kind]
    before = everything()
    for template in FIELDS:
        method = "PATCH" if template in PATCHED else "POST"
        answer = target.caller.client.generic(
            method, target.path(template), body, content_type=content_type
        )
        assert is_told_off(answer), (template, answer.status_code, answer.content)
    assert everything() == before


@pytest.mark.parametrize("kind", UNREADABLE)
def test_bodies_where_none_is_asked_for(target: Target, kind: str) -> None:
    content_type, body = UNREADABLE[kind]
    for template in WITHOUT_BODY:
        answer = target.caller.client.generic(
            "POST", target.path(template), body, content_type=content_type
        )
        assert answer.status_code < 500, (template, answer.content)


@pytest.mark.parametrize("kind", UNREADABLE)
def test_bodies_that_the_csrf_check_reads_first(target: Target, alice: User, kind: str) -> None:
    content_type, body = UNREADABLE[kind]
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    for template in FIELDS:
        answer = client.generic("POST", target.path(template), body, content_type=content_type)
        assert is_told_off(answer), (template, answer.status_code, answer.content)


@pytest.mark.parametrize(("template", "name"), EVERY_FIELD)
def test_wrong_values_in_every_field(target: Target, template: str, name: str) -> None:
    method = "PATCH" if template in PATCHED else "POST"
    for value in WRONG_VALUES:
        answer = target.caller.send(method, target.path(template), {name: value})
        assert answer.status_code < 500, (value, answer.content)
        if answer.status_code >= 400:
            assert is_told_off(answer), value


@pytest.mark.parametrize(("template", "name"), EVERY_FIELD)
def test_wrong_texts_in_every_form(target: Target, template: str, name: str) -> None:
    for value in WRONG_VALUES:
        text = value if isinstance(value, str) else repr(value)
        answer = target.caller.form(target.path(template), **{name: text})
        assert answer.status_code < 500, (value, answer.content)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\0b.png", "\r\n.png", "💥" * 300, "", "."])
def test_file_names(target: Target, name: str) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="'
        + name.encode()
        + b'"\r\nContent-Type: image/png\r\n\r\nno picture\r\n--b--\r\n'
    )
    for template in ("photos/", "photos/{photo}/masks/"):
        answer = target.caller.client.generic(
            "POST", target.path(template), body, content_type=FORM
        )
        assert is_told_off(answer), answer.content


@pytest.mark.parametrize("length", ["-1", "x", "9" * 30, "1e9", ""])
def test_announced_lengths(target: Target, length: str) -> None:
    for template in ("photos/", "albums/"):
        answer = target.caller.client.generic(
            "POST", target.path(template), b"{}", content_type=JSON, CONTENT_LENGTH=length
        )
        assert is_told_off(answer), answer.content


def test_bodies_of_unknown_length(target: Target) -> None:
    answer = target.caller.client.generic(
        "POST", target.path("albums/"), b"", headers={"Transfer-Encoding": "chunked"}
    )
    problem(answer, 411, "length_required")


@pytest.mark.parametrize(
    "header",
    ["Token", "Token x y", "Token \xff", "Token " + "x" * 5000, "Token \0", "Bearer x", "Basic !"],
)
def test_authorization_headers(header: str, db: None) -> None:
    answer = Caller(headers={"Authorization": header}).get("me/")
    assert answer.status_code == 401
    assert is_told_off(answer)


@pytest.mark.parametrize("value", [value for value in WRONG_VALUES if isinstance(value, str)])
def test_queries(target: Target, value: str) -> None:
    for template in ("photos/", "albums/", "photos/{photo}/edits/", "examples/"):
        for name in ("album", "page", "format", "version", "lang"):
            answer = target.caller.get(target.path(template), **{name: value})
            assert answer.status_code < 500, (name, answer.content)
    download = target.path("revisions/{revision}/download/")
    assert is_told_off(target.caller.get(download, format=value))
    assert Caller().get("schema/", version=value, lang=value).status_code == 200


def test_wrong_words_when_signing_in() -> None:
    people.create_person("dana", password=people.PASSWORD)
    for value in WRONG_VALUES:
        for name in ("email", "password"):
            body = {"email": "dana@people.example", "password": "x", "name": "y"} | {name: value}
            answer = Caller().post("auth/tokens/", body)
            assert is_told_off(answer), (name, value, answer.content)
