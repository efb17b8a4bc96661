"""Static files under names that carry their digest, so that browsers may keep them for ever."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse, HttpResponseBase


class StaticFiles(StaticFilesConfig):
    """Leaves out what no page asks for: the reference is shown by Swagger UI."""

    ignore_patterns = (*StaticFilesConfig.ignore_patterns, "redoc")


class HashedStaticFiles(ManifestStaticFilesStorage):
    """Also rewrites the `import` lines of ES modules to the hashed names."""

    support_js_module_import_aggregation = True
    manifest_strict = False


class UnknownStaticFileMiddleware:
    """Where caches keep what they get, a missing file must not be answered by a visitor's page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """What is there has been answered before this is asked."""
        if not request.path_info.startswith(settings.STATIC_URL):
            return self._get_response(request)
        answer = HttpResponse("There is no such file.\n", status=404, content_type="text/plain")
        answer.headers["Cache-Control"] = "no-store"
        return answer


def collect_changed() -> None:
    """Collect static files where a source or what was made of them has changed since.

    Giving them their names takes seconds.
    """
    root, remembered = Path(settings.STATIC_ROOT), Path(settings.DATA_DIR) / "static-collected"
    sources = _digest_of_sources()
    if remembered.exists() and remembered.read_text() == sources + _digest_of_collected(root):
        return
    remembered.unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    remembered.write_text(sources + _digest_of_collected(root))


def _digest_of_sources() -> str:
    digest = hashlib.sha256(f"{django.get_version()} {settings.STATIC_ROOT}\n".encode())
    digest.update(Path(__file__).read_bytes())
    for line in sorted(_sources()):
        digest.update(line.encode())
    return digest.hexdigest()


def _digest_of_collected(root: Path) -> str:
    """Of the manifest, and of all files' names and sizes; empty where there is no manifest."""
    manifest = root / HashedStaticFiles.manifest_name
    if not manifest.exists():
        return ""
    digest = hashlib.sha256(manifest.read_bytes())
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(root)} {path.stat().st_size}\n".encode())
    return digest.hexdigest()


def _sources() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list(StaticFiles.ignore_patterns):
            path = Path(storage.path(name))
            found = path.stat()
            yield f"{path} {found.st_size} {found.st_mtime_ns}\n"
