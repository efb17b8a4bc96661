"""docs/: the reference and our texts, for everybody."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from api.views.reference import TITLES
from api.views.site import build_api_schema

DOCS = Path(__file__).resolve().parents[2] / "docs"
pytestmark = pytest.mark.django_db


def page(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_reference_has_all_that_it_draws_with_on_this_site() -> None:
    html = page("/docs/api/")
    assert 'data-schema="/api/v1/schema/"' in html
    own = re.findall(r'(?:src|href)="([^"]+\.(?:js|css))"', html)
    assert len(own) > 5
    assert all(finders.find(address.removeprefix("/static/")) for address in own)


def test_the_index_leads_to_every_page() -> None:
    links = re.findall(r'<li><a href="([^"]+)">', page("/docs/"))
    texts = {f"/docs/{name}.md" for name in TITLES}
    assert texts | {"/docs/api/", "/docs/problems/", "/api/v1/schema/"} == set(links)
    for link in links:
        page(link)


@pytest.mark.parametrize("name", TITLES)
def test_a_text_is_shown_and_its_links_lead_somewhere(name: str) -> None:
    html = page(f"/docs/{name}.md")
    assert f"<h1>{TITLES[name]}</h1>" in html
    links = re.findall(r"\]\(([^)]+)\)", (DOCS / f"{name}.md").read_text())
    for link in (each for each in links if "://" not in each):
        page(f"/docs/{link}")


def test_the_guide_speaks_of_addresses_that_there_are() -> None:
    guide = (DOCS / "api.md").read_text()
    known = {re.sub(r"\{\w+\}", "ID", path) for path in build_api_schema()["paths"]}
    told = set(re.findall(r"`(?:GET|POST|PATCH|DELETE) ([\w/-]+/)`", guide))
    assert len(told) > 12
    assert {f"/api/v1/{path}" for path in told} - known == set()


def test_no_other_text_of_ours_is_shown() -> None:
    assert Client().get("/docs/pictures.md").status_code == 404
