"""The documentation is right about variables, files, commands and code."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
PAGES = sorted(
    str(path.relative_to(ROOT))
    for path in (
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "examples").glob("*.md"),
    )
)
MAX_README_LINES = 130


def test_exactly_the_existing_settings_are_documented() -> None:
    settings = (ROOT / "platform/config/settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    page = (ROOT / "docs/configuration.md").read_text()
    table = page.partition("## Settings")[2].partition("\n\n##")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    explained = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}

    assert len(read) > 20
    assert explained == read


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= MAX_README_LINES


def test_the_readme_links_to_the_other_pages() -> None:
    assert len(find_links("README.md")) > 10


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file(page: str) -> None:
    folder = (ROOT / page).parent
    assert [link for link in find_links(page) if not (folder / link).exists()] == []


def find_links(page: str) -> list[str]:
    """Return the page's links to files of the repository."""
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / page).read_text())
    return [link for link in links if "://" not in link]


def test_the_named_make_commands_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    text = "\n".join((ROOT / page).read_text() for page in PAGES)
    used = set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.M))

    assert len(used) > 10
    assert used <= targets
