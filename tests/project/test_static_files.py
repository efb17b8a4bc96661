"""Static files are collected when one of them has changed, not at every start."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.contrib.staticfiles import storage

from web.static_files import collect_changed

if TYPE_CHECKING:
    from pytest_django import Settings


@pytest.fixture
def sources(settings: "Settings", tmp_path: Path) -> Path:
    """The only folder of static files."""
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "page.css").write_text("body { color: black }")
    (folder / "redoc").mkdir()
    (folder / "redoc/redoc.js").write_text("1")
    settings.DATA_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    backend = {"BACKEND": "web.static_files.HashedStaticFiles"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": backend}
    return folder


def test_used_files_are_collected_under_hashed_names(sources: Path) -> None:
    collect_changed()
    assert storage.staticfiles_storage.url("page.css").startswith("/static/page.")
    assert len(_list_collected(sources)) == 3
    assert not (sources.parent / "static/redoc").exists()


def test_unchanged_files_are_not_collected_again(sources: Path) -> None:
    collect_changed()
    manifest = sources.parent / "static/staticfiles.json"
    os.utime(manifest, ns=(0, 0))
    collect_changed()
    assert manifest.stat().st_mtime_ns == 0


def test_a_missing_file_is_collected_again(sources: Path) -> None:
    collect_changed()
    before = _list_collected(sources)
    for path in (sources.parent / "static").glob("page.*.css"):
        path.unlink()
    collect_changed()
    assert _list_collected(sources) == before


def test_a_manifest_of_another_version_is_replaced(sources: Path) -> None:
    collect_changed()
    manifest = sources.parent / "static/staticfiles.json"
    expected = manifest.read_text()
    manifest.write_text('{"version": "1.1", "paths": {}, "hash": ""}')
    collect_changed()
    assert manifest.read_text() == expected


@pytest.mark.parametrize("changed", ["page.css", "new.css"])
def test_changed_and_new_sources_are_collected(sources: Path, changed: str) -> None:
    collect_changed()
    before = _list_collected(sources)
    (sources / changed).write_text("body { color: white }")
    collect_changed()
    assert len(_list_collected(sources) - before) >= 1


def test_an_emptied_folder_is_collected_again(sources: Path) -> None:
    collect_changed()
    before = _list_collected(sources)
    for path in (sources.parent / "static").iterdir():
        path.unlink()
    collect_changed()
    assert _list_collected(sources) == before


def _list_collected(sources: Path) -> set[str]:
    """Return the names of the collected files."""
    return {path.name for path in (sources.parent / "static").iterdir()}
