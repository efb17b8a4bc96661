"""docs/: the public reference and texts."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from api.views.reference import TITLES
from api.views.site import build_api_schema

DOCS = Path(__file__).resolve().parents[2] / "docs"
pytestmark = pytest.mark.django_db


def get_page(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_scripts_and_styles_of_the_reference_are_on_this_site() -> None:
    html = get_page("/docs/api/")
    assert 'data-schema="/api/v1/schema/"' in html
    files = re.findall(r'(?:src|href)="([^"]+\.(?:js|css))"', html)
    assert len(files) > 5
    assert all(finders.find(address.removeprefix("/static/")) for address in files)


def test_the_index_links_to_every_page() -> None:
    links = re.findall(r'<li><a href="([^"]+)">', get_page("/docs/"))
    texts = {f"/docs/{name}.md" for name in TITLES}
    assert texts | {"/docs/api/", "/docs/problems/", "/api/v1/schema/"} == set(links)
    for link in links:
        get_page(link)


@pytest.mark.parametrize("name", TITLES)
def test_a_text_is_rendered_and_its_links_resolve(name: str) -> None:
    html = get_page(f"/docs/{name}.md")
    assert f"<h1>{TITLES[name]}</h1>" in html
    links = re.findall(r"\]\(([^)]+)\)", (DOCS / f"{name}.md").read_text())
    for link in (each for each in links if "://" not in each):
        get_page(f"/docs/{link}")


def test_the_guide_names_only_existing_paths() -> None:
    guide = (DOCS / "api.md").read_text()
    known = {re.sub(r"\{\w+\}", "ID", path) for path in build_api_schema()["paths"]}
    named = set(re.findall(r"`(?:GET|POST|PATCH|DELETE) ([\w/-]+/)`", guide))
    assert len(named) > 12
    assert {f"/api/v1/{path}" for path in named} - known == set()


def test_other_texts_are_not_served() -> None:
    assert Client().get("/docs/pictures.md").status_code == 404
