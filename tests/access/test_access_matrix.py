"""Every address, every verb, everybody: the answer is the one in the table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from inpainting.models import DetectionRun
from jobs.models import State
from tests import images, people, rows
from tests.access.scene import EVERYBODY, Scene, build
from tests.access.table import ANSWERS, MEMBERS_ACCOUNT_PAGES, OPEN_ACCOUNT_PAGES
from tests.redirects import follow_redirect
from vision.detectors.base import Box

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
IN_A_GROUP = ("admin:", "account_")
JSON = "application/json"
pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Cell:
    """One line of the table and one of the people."""

    name: str
    verb: str
    who: str
    status: int

    def __str__(self) -> str:
        return f"{self.name} {self.verb} {self.who}"


def cells() -> list[Cell]:
    header, *lines = [line.split() for line in ANSWERS.splitlines() if line.strip()]
    assert header == ["address", "verb", *EVERYBODY]
    return [
        Cell(name, verb, who, int(status))
        for name, verb, *statuses in lines
        for who, status in zip(EVERYBODY, statuses, strict=True)
    ]


def patterns(
    resolver: URLResolver | None = None, namespace: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site with its full name."""
    for item in (resolver or get_resolver()).url_patterns:
        if isinstance(item, URLResolver):
            yield from patterns(item, namespace + (f"{item.namespace}:" if item.namespace else ""))
        else:
            yield f"{namespace}{item.name}", item


def own_names() -> set[str]:
    return {name for name, _ in patterns() if not name.startswith(IN_A_GROUP)}


def address(name: str, scene: Scene) -> str:
    pattern = dict(patterns())[name].pattern
    wanted = pattern.regex.groupindex
    return reverse(name, kwargs={key: scene.ids()[key] for key in wanted})


def album(scene: Scene) -> dict[str, str]:
    return {"album": str(scene.album.pk)}


def upload(scene: Scene) -> dict[str, Any]:
    return {**album(scene), "file": SimpleUploadedFile("a.png", images.build_png(32, 24))}


def mask(scene: Scene) -> dict[str, Any]:
    png = rows.build_mask_png(hole=Box(x=4, y=4, width=8, height=8))
    return {"file": SimpleUploadedFile("mask.png", png)}


def picture_and_box(scene: Scene) -> dict[str, Any]:
    boxes = '[{"x": 4, "y": 4, "width": 8, "height": 8}]'
    return {"image": SimpleUploadedFile("a.png", images.build_png(32, 24)), "boxes": boxes}


FORMS: dict[tuple[str, str], Callable[[Scene], dict[str, Any]]] = {
    ("api-photos", "POST"): upload,
    ("api-masks", "POST"): mask,
    ("api-vanish", "POST"): picture_and_box,
}
HEADERS = {("api-vanish", "POST"): {"Prefer": "wait=0"}}
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("api-tokens", "POST"): {"name": "x"},
    ("api-albums", "POST"): {"name": "x"},
    ("api-album", "PATCH"): {"name": "x"},
    ("api-members", "POST"): {"email": "newcomer@people.example", "role": "viewer"},
    ("api-mask", "PATCH"): {"name": "x"},
    ("api-member", "PATCH"): {"role": "editor"},
    ("api-webhooks", "POST"): {"url": "https://shop.example/", "events": ["edit.failed"]},
    ("api-webhook", "PATCH"): {"description": "x"},
    ("api-photo", "PATCH"): {"title": "x"},
    ("api-uploads", "POST"): {"filename": "a.png", "length": 10},
    ("api-edits", "POST"): {"boxes": [{"x": 4, "y": 4, "width": 8, "height": 8}]},
    ("api-edit-forewarnings", "POST"): {"boxes": [{"x": 4, "y": 4, "width": 8, "height": 8}]},
}


def prepare(cell: Cell, scene: Scene) -> None:
    """What must be so that the owner's call succeeds."""
    if cell.name == "api-photo-redo":
        scene.photo.current = scene.original
        scene.photo.save()
    if (cell.name, cell.verb) == ("api-detection-run", "DELETE"):
        DetectionRun.objects.update(state=State.QUEUED)
    if cell.name == "api-members":
        people.create_person("newcomer")


def call(client: Client, cell: Cell, scene: Scene) -> Any:
    key = (cell.name, cell.verb)
    verb = getattr(client, cell.verb.lower())
    path = address(cell.name, scene)
    if cell.name == "api-revision-download":
        path += "?format=png"
    if key in FORMS:
        return verb(path, FORMS[key](scene), headers=HEADERS.get(key))
    if cell.verb == "GET":
        return verb(path)
    body = BODIES.get(key, {})
    if key == ("api-uploads", "POST"):
        body |= album(scene)
    return verb(path, body, content_type=JSON)


@pytest.mark.parametrize("cell", cells(), ids=str)
def test_the_answer_is_the_one_in_the_table(cell: Cell) -> None:
    scene = build()
    prepare(cell, scene)
    answer = call(scene.client(cell.who), cell, scene)
    if not cell.name.startswith("shared"):  # these never lead to another server
        answer = follow_redirect(answer)
    assert answer.status_code == cell.status, answer.getvalue()
    answer.close()
    if cell.status == 302 and cell.name != "home":
        assert "/login/" in answer["Location"]


def test_the_table_knows_every_address() -> None:
    assert {cell.name for cell in cells()} == own_names()


@pytest.mark.parametrize("name", sorted(own_names()))
def test_verbs_that_are_not_in_the_table_are_refused(name: str) -> None:
    known = {cell.verb for cell in cells() if cell.name == name}
    scene = build()
    client = scene.client("owner")
    for verb in set(VERBS) - known:
        answer = call(client, Cell(name, verb, "owner", 405), scene)
        expected = 302 if name in {"queue", "admin-thumbnail"} else 405
        assert answer.status_code == expected, verb


@pytest.mark.parametrize("who", ["owner", "stranger", "nobody", "reader"])
def test_nobody_without_the_right_gets_into_the_admin(who: str) -> None:
    ids = {
        "object_id": "x",
        "id": "x",
        "content_type_id": "1",
        "app_label": "gallery",
    }
    client = build().client(who)
    names = {name for name, _ in patterns() if name.startswith("admin:")} - {"admin:None"}
    paths = {"/admin/nowhere", "/admin/gallery/photo/x/"}
    for name in names - {"admin:login"}:
        wanted = dict(patterns())[name].pattern.regex.groupindex
        paths.add(reverse(name, kwargs={key: ids[key] for key in wanted}))
    assert len(paths) > 40
    for path in paths:
        for verb in (client.get, client.post):
            answer = verb(path)
            assert answer.status_code == 302, path
            assert answer["Location"].startswith(("/admin/login/?next=", "/admin/")), path


def test_every_account_page_is_known() -> None:
    names = {name for name, _ in patterns() if name.startswith("account_")}
    assert names == MEMBERS_ACCOUNT_PAGES | OPEN_ACCOUNT_PAGES


@pytest.mark.parametrize("who", ["nobody", "reader", "expired"])
@pytest.mark.parametrize("name", sorted(MEMBERS_ACCOUNT_PAGES))
def test_account_pages_ask_to_sign_in(name: str, who: str) -> None:
    client = build().client(who)
    for verb in (client.get, client.post):
        answer = verb(reverse(name))
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", sorted(OPEN_ACCOUNT_PAGES))
def test_open_account_pages_answer(name: str) -> None:
    ids = {"key": "x-y", "uidb36": "1"}
    wanted = dict(patterns())[name].pattern.regex.groupindex
    path = reverse(name, kwargs={key: ids[key] for key in wanted})
    answer = build().client("nobody").get(path)
    assert answer.status_code in {200, 302}
