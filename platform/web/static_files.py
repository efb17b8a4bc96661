"""Static files with their digest in the name, so that browsers may cache them for ever."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command


class StaticFiles(StaticFilesConfig):
    """Leaves out files that no page uses: Swagger UI shows the API reference, not ReDoc."""

    ignore_patterns = (*StaticFilesConfig.ignore_patterns, "redoc")


class HashedStaticFiles(ManifestStaticFilesStorage):
    """Also rewrites the `import` lines of ES modules to the hashed names."""

    support_js_module_import_aggregation = True
    manifest_strict = False


def collect_changed() -> None:
    """Collect the static files if a source or a collected file has changed since the last time.

    Hashing and renaming them takes seconds, so an unchanged set is left as it is.
    """
    root, stamp = Path(settings.STATIC_ROOT), Path(settings.DATA_DIR) / "static-collected"
    sources = _hash_sources()
    if stamp.exists() and stamp.read_text() == sources + _hash_collected(root):
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(sources + _hash_collected(root))


def _hash_sources() -> str:
    """Return a digest of all source files' paths, sizes and times, and of this module."""
    digest = hashlib.sha256(f"{django.get_version()} {settings.STATIC_ROOT}\n".encode())
    digest.update(Path(__file__).read_bytes())
    for line in sorted(_describe_sources()):
        digest.update(line.encode())
    return digest.hexdigest()


def _hash_collected(root: Path) -> str:
    """Return a digest of the manifest and of all files' names and sizes; "" without a manifest."""
    manifest = root / HashedStaticFiles.manifest_name
    if not manifest.exists():
        return ""
    digest = hashlib.sha256(manifest.read_bytes())
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(root)} {path.stat().st_size}\n".encode())
    return digest.hexdigest()


def _describe_sources() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list(StaticFiles.ignore_patterns):
            path = Path(storage.path(name))
            status = path.stat()
            yield f"{path} {status.st_size} {status.st_mtime_ns}\n"
