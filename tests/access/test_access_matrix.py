"""Every address, verb and caller: the status is the one in the table."""

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
from tests.access.expected_statuses import MEMBERS_ACCOUNT_PAGES, OPEN_ACCOUNT_PAGES, STATUSES
from tests.access.sample_data import CALLERS, SampleData, build_sample_data
from tests.redirects import follow_redirect
from vision.detectors.base import Box

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OTHER_PREFIXES = ("admin:", "account_")
JSON = "application/json"
pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Cell:
    """One line of the table and one caller."""

    name: str
    verb: str
    who: str
    status: int

    def __str__(self) -> str:
        return f"{self.name} {self.verb} {self.who}"


def read_cells() -> list[Cell]:
    header, *lines = [line.split() for line in STATUSES.splitlines() if line.strip()]
    assert header == ["address", "verb", *CALLERS]
    return [
        Cell(name, verb, who, int(status))
        for name, verb, *statuses in lines
        for who, status in zip(CALLERS, statuses, strict=True)
    ]


def find_patterns(
    resolver: URLResolver | None = None, namespace: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Yield every URL pattern of the site with its full name."""
    for item in (resolver or get_resolver()).url_patterns:
        if isinstance(item, URLResolver):
            yield from find_patterns(
                item, namespace + (f"{item.namespace}:" if item.namespace else "")
            )
        else:
            yield f"{namespace}{item.name}", item


def find_own_names() -> set[str]:
    return {name for name, _ in find_patterns() if not name.startswith(OTHER_PREFIXES)}


def build_path(name: str, sample: SampleData) -> str:
    pattern = dict(find_patterns())[name].pattern
    parameters = pattern.regex.groupindex
    return reverse(name, kwargs={key: sample.get_ids()[key] for key in parameters})


def build_album_field(sample: SampleData) -> dict[str, str]:
    return {"album": str(sample.album.pk)}


def build_upload_form(sample: SampleData) -> dict[str, Any]:
    return {
        **build_album_field(sample),
        "file": SimpleUploadedFile("a.png", images.build_png(32, 24)),
    }


def build_mask_form(sample: SampleData) -> dict[str, Any]:
    png = rows.build_mask_png(hole=Box(x=4, y=4, width=8, height=8))
    return {"file": SimpleUploadedFile("mask.png", png)}


def build_vanish_form(sample: SampleData) -> dict[str, Any]:
    boxes = '[{"x": 4, "y": 4, "width": 8, "height": 8}]'
    return {"image": SimpleUploadedFile("a.png", images.build_png(32, 24)), "boxes": boxes}


FORMS: dict[tuple[str, str], Callable[[SampleData], dict[str, Any]]] = {
    ("api-photos", "POST"): build_upload_form,
    ("api-masks", "POST"): build_mask_form,
    ("api-vanish", "POST"): build_vanish_form,
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
    # 409 for those who may: no model file is there.
    ("api-outlines", "POST"): {"points": [{"x": 4, "y": 4}]},
    ("api-edit-forewarnings", "POST"): {"boxes": [{"x": 4, "y": 4, "width": 8, "height": 8}]},
}


def prepare(cell: Cell, sample: SampleData) -> None:
    """Change the rows so that the owner's request succeeds."""
    if cell.name == "api-photo-redo":
        sample.photo.current = sample.original
        sample.photo.save()
    if (cell.name, cell.verb) == ("api-detection-run", "DELETE"):
        DetectionRun.objects.update(state=State.QUEUED)
    if cell.name == "api-edit-variants":
        rows.run_all_edits()
    if cell.name == "api-members":
        people.create_person("newcomer")


def send_request(client: Client, cell: Cell, sample: SampleData) -> Any:
    key = (cell.name, cell.verb)
    verb = getattr(client, cell.verb.lower())
    path = build_path(cell.name, sample)
    if cell.name == "api-revision-download":
        path += "?format=png"
    if key in FORMS:
        return verb(path, FORMS[key](sample), headers=HEADERS.get(key))
    if cell.verb == "GET":
        return verb(path)
    body = BODIES.get(key, {})
    if key == ("api-uploads", "POST"):
        body |= build_album_field(sample)
    return verb(path, body, content_type=JSON)


@pytest.mark.parametrize("cell", read_cells(), ids=str)
def test_the_status_is_the_one_in_the_table(cell: Cell) -> None:
    sample = build_sample_data()
    prepare(cell, sample)
    response = send_request(sample.create_client(cell.who), cell, sample)
    if not cell.name.startswith("shared"):  # these never redirect to another server
        response = follow_redirect(response)
    assert response.status_code == cell.status, response.getvalue()
    response.close()
    if cell.status == 302 and cell.name != "home":
        assert "/login/" in response["Location"]


def test_the_table_lists_every_address() -> None:
    assert {cell.name for cell in read_cells()} == find_own_names()


@pytest.mark.parametrize("name", sorted(find_own_names()))
def test_verbs_that_are_not_in_the_table_are_refused(name: str) -> None:
    known = {cell.verb for cell in read_cells() if cell.name == name}
    sample = build_sample_data()
    client = sample.create_client("owner")
    for verb in set(VERBS) - known:
        response = send_request(client, Cell(name, verb, "owner", 405), sample)
        expected = 302 if name in {"queue", "admin-thumbnail"} else 405
        assert response.status_code == expected, verb


@pytest.mark.parametrize("who", ["owner", "stranger", "nobody", "reader"])
def test_only_staff_may_open_the_admin(who: str) -> None:
    ids = {
        "object_id": "x",
        "id": "x",
        "content_type_id": "1",
        "app_label": "gallery",
    }
    client = build_sample_data().create_client(who)
    names = {name for name, _ in find_patterns() if name.startswith("admin:")} - {"admin:None"}
    paths = {"/admin/nowhere", "/admin/gallery/photo/x/"}
    for name in names - {"admin:login"}:
        parameters = dict(find_patterns())[name].pattern.regex.groupindex
        paths.add(reverse(name, kwargs={key: ids[key] for key in parameters}))
    assert len(paths) > 40
    for path in paths:
        for verb in (client.get, client.post):
            response = verb(path)
            assert response.status_code == 302, path
            assert response["Location"].startswith(("/admin/login/?next=", "/admin/")), path


def test_every_account_page_is_listed() -> None:
    names = {name for name, _ in find_patterns() if name.startswith("account_")}
    assert names == MEMBERS_ACCOUNT_PAGES | OPEN_ACCOUNT_PAGES


@pytest.mark.parametrize("who", ["nobody", "reader", "expired"])
@pytest.mark.parametrize("name", sorted(MEMBERS_ACCOUNT_PAGES))
def test_account_pages_redirect_to_the_login_page(name: str, who: str) -> None:
    client = build_sample_data().create_client(who)
    for verb in (client.get, client.post):
        response = verb(reverse(name))
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", sorted(OPEN_ACCOUNT_PAGES))
def test_open_account_pages_need_no_sign_in(name: str) -> None:
    ids = {"key": "x-y", "uidb36": "1"}
    parameters = dict(find_patterns())[name].pattern.regex.groupindex
    path = reverse(name, kwargs={key: ids[key] for key in parameters})
    response = build_sample_data().create_client("nobody").get(path)
    assert response.status_code in {200, 302}
