"""The layers and limits of the project's source files."""

import ast
import platform as standard_platform
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE_FOLDERS = ("platform", "apps", "tests", "benchmarks", "examples", "infra")
NOT_SOURCES = {"migrations", "node_modules", "cdk.out"}
MAX_FILE_LINES = 300

# Heavy or optional libraries: imported inside functions, only in these files.
AWS_MODULES = (
    "platform/vision/detectors/",
    "apps/gallery/storage/",
    "apps/jobs/queue_service.py",
    "infra/deploy.py",
    "infra/publish.py",
    "infra/lambdas/",
)
ADAPTERS = {
    "ai_edge_litert": ("platform/vision/litert_session.py",),
    "boto3": AWS_MODULES,
    "botocore": AWS_MODULES,
    "onnxruntime": ("platform/vision/onnx_session.py",),
    "opentelemetry": ("platform/config/tracing.py",),
    "tensorflow": ("platform/vision/inpainters/",),
    "tf2onnx": ("platform/vision/inpainters/hifill_network/conversion.py",),
    "patchmatch": ("platform/vision/inpainters/",),
}
# From the bottom up: a package imports only from the layers below its own.
LAYERS = (
    ("vision", "config"),
    ("web", "processes"),
    ("accounts",),
    ("jobs",),
    ("gallery",),
    ("inpainting",),
    ("webhooks",),
    ("operations",),
    ("api",),
)
# These modules put the parts together, so they import from everywhere.
COMPOSITION_ROOT = {"platform/config/urls.py", "platform/config/wsgi.py"}
# It needs django-storages, which is optional: settings name the module, nothing imports it.
BUCKET_MODULE = "gallery.storage.bucket"


def list_sources(*folders: str) -> list[Path]:
    """Return every Python source of the folders, without migrations."""
    modules = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in modules if not NOT_SOURCES & set(path.parts)]


def read_imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield each module that the file imports, and whether it does so while it is being imported.

    `from a import b` yields `a` and `a.b`, which may be a module too.
    """
    tree = ast.parse(path.read_text())
    for node, at_import in _walk_code(tree, at_import=True):
        if isinstance(node, ast.Import):
            yield from ((alias.name, at_import) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, at_import
            yield from ((f"{node.module}.{alias.name}", at_import) for alias in node.names)


def _walk_code(node: ast.AST, *, at_import: bool) -> Iterator[tuple[ast.AST, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield child, at_import
        yield from _walk_code(child, at_import=at_import and not is_function)


def test_no_module_is_directly_in_platform() -> None:
    assert not list((ROOT / "platform").glob("*.py"))


def test_import_platform_is_the_standard_library_in_this_test_run() -> None:
    assert standard_platform.python_implementation()
    assert not Path(standard_platform.__file__).is_relative_to(ROOT / "platform")


@pytest.mark.parametrize("forbidden", ["django", "celery", "rest_framework", "config", "gallery"])
def test_vision_imports_nothing_of_the_web(forbidden: str) -> None:
    violations = [
        str(path.relative_to(ROOT))
        for path in list_sources("platform/vision")
        for module, _ in read_imports(path)
        if module.split(".")[0] == forbidden
    ]
    assert violations == []


def test_opencv_is_used_only_in_vision() -> None:
    users = {
        str(path.relative_to(ROOT))
        for path in list_sources("platform", "apps", "infra")
        for module, _ in read_imports(path)
        if module.split(".")[0] == "cv2"
    }
    assert users
    assert all(user.startswith("platform/vision/") for user in users)


@pytest.mark.parametrize("library", ADAPTERS)
def test_heavy_libraries_are_imported_late_and_only_in_their_adapter(library: str) -> None:
    uses = [
        (str(path.relative_to(ROOT)), at_import)
        for path in list_sources("platform", "apps", "infra")
        for module, at_import in read_imports(path)
        if module.split(".")[0] == library
    ]
    assert uses, f"{library} is not used at all: it should not be a requirement"
    assert [use for use in uses if not use[0].startswith(ADAPTERS[library])] == []
    assert [path for path, at_import in uses if at_import] == []


def test_no_web_server_opens_colour_profiles() -> None:
    """Only the decoder's child process and the detection worker do."""
    uses = {
        str(path.relative_to(ROOT))
        for path in list_sources("platform", "apps")
        if "ImageCms" in path.read_text(encoding="utf-8")
    }
    assert uses == {
        "platform/vision/decoder/canvas.py",
        "platform/vision/decoder/facts.py",
        "platform/vision/srgb.py",
    }


def test_the_bucket_storage_is_imported_only_by_settings() -> None:
    uses = {
        str(path.relative_to(ROOT))
        for path in list_sources("platform", "apps")
        for module, at_import in read_imports(path)
        if at_import and (module.split(".")[0] == "storages" or module == BUCKET_MODULE)
    }
    assert uses == {"apps/gallery/storage/bucket.py"}


def test_no_file_is_longer_than_the_limit() -> None:
    long_files = {
        str(path.relative_to(ROOT)): count
        for path in list_sources(*SOURCE_FOLDERS)
        if (count := len(path.read_text().splitlines())) > MAX_FILE_LINES
    }
    assert long_files == {}


def test_imports_point_to_lower_layers() -> None:
    """Imports inside functions count too."""
    height = {package: level for level, layer in enumerate(LAYERS) for package in layer}
    upwards = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in list_sources("platform", "apps")
        for module, _ in read_imports(path)
        if (own := path.relative_to(ROOT).parts[1]) != (other := module.split(".")[0])
        and other in height
        and height[other] >= height[own]
        and str(path.relative_to(ROOT)) not in COMPOSITION_ROOT
    ]
    assert upwards == []


def test_there_are_no_import_cycles() -> None:
    modules = {_get_module_name(path): path for path in list_sources("platform", "apps")}
    graph = {
        # The packages that a module lies in are imported with it anyway.
        name: {
            imported
            for imported, _ in read_imports(path)
            if imported in modules and not f"{name}.".startswith(f"{imported}.")
        }
        for name, path in modules.items()
    }
    assert _find_cycle(graph) == []


def _get_module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts[1:]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _find_cycle(graph: dict[str, set[str]]) -> list[str]:
    """Return the modules of one import cycle, in order, or an empty list."""
    finished: set[str] = set()

    def follow(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name not in finished:
            for target in sorted(graph[name]):
                if cycle := follow(target, [*path, name]):
                    return cycle
            finished.add(name)
        return []

    for name in sorted(graph):
        if cycle := follow(name, []):
            return cycle
    return []


def test_every_wakeup_names_a_task_and_a_queue() -> None:
    from config.celery import app
    from config.celery_queues import QUEUES
    from jobs.registry import registry

    for package in ("jobs", "inpainting", "webhooks"):
        import_module(f"{package}.tasks")
    own = {name for name in app.tasks if not name.startswith("celery.")}
    assert {wakeup.task_name for wakeup in registry.wakeups} == own
    assert {wakeup.queue for wakeup in registry.wakeups} == set(QUEUES)
