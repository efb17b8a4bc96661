"""The rooms of the project stay what they are called."""

import ast
import platform as standard_platform
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE_FOLDERS = ("platform", "apps", "tests", "benchmarks", "examples", "infra")
NOT_SOURCES = {"migrations", "node_modules", "cdk.out"}
LONGEST_FILE = 300

# Heavy or optional: imported where they are used, inside functions, and nowhere else.
AWS = (
    "platform/vision/detectors/",
    "apps/gallery/storage/",
    "apps/jobs/queue_service.py",
    "infra/deploy.py",
    "infra/publish.py",
    "infra/lambdas/",
)
ADAPTERS = {
    "boto3": AWS,
    "botocore": AWS,
    "onnxruntime": ("platform/vision/onnx_session.py",),
    "opentelemetry": ("platform/config/tracing.py",),
    "tensorflow": ("platform/vision/inpainters/",),
    "tf2onnx": ("platform/vision/inpainters/hifill_network/conversion.py",),
    "patchmatch": ("platform/vision/inpainters/",),
}
# From the bottom up: a package imports from the layers below its own alone.
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
# They put everything together, so they import from everywhere.
COMPOSITION_ROOT = {"platform/config/urls.py", "platform/config/wsgi.py"}
# Its storage is a base class; the one module that has it is named in settings, imported nowhere.
BUCKET = "gallery.storage.bucket"


def sources(*folders: str) -> list[Path]:
    """Every Python file of ours in the folders, migrations aside."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if not NOT_SOURCES & set(path.parts)]


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield each module that the file imports, and whether it does so while it is being imported.

    `from a import b` yields `a` and `a.b`, which may be a module too.
    """
    tree = ast.parse(path.read_text())
    for node, at_import in _walk(tree, at_import=True):
        if isinstance(node, ast.Import):
            yield from ((alias.name, at_import) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, at_import
            yield from ((f"{node.module}.{alias.name}", at_import) for alias in node.names)


def _walk(node: ast.AST, *, at_import: bool) -> Iterator[tuple[ast.AST, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield child, at_import
        yield from _walk(child, at_import=at_import and not is_function)


def test_no_module_stands_directly_in_platform() -> None:
    assert not list((ROOT / "platform").glob("*.py"))


def test_platform_is_the_standard_librarys_in_this_test_run() -> None:
    assert standard_platform.python_implementation()
    assert not Path(standard_platform.__file__).is_relative_to(ROOT / "platform")


@pytest.mark.parametrize("forbidden", ["django", "celery", "rest_framework", "config", "gallery"])
def test_vision_knows_nothing_of_the_web(forbidden: str) -> None:
    guilty = [
        str(path.relative_to(ROOT))
        for path in sources("platform/vision")
        for module, _ in imports(path)
        if module.split(".")[0] == forbidden
    ]
    assert guilty == []


def test_opencv_is_used_in_vision_alone() -> None:
    users = {
        str(path.relative_to(ROOT))
        for path in sources("platform", "apps", "infra")
        for module, _ in imports(path)
        if module.split(".")[0] == "cv2"
    }
    assert users
    assert all(user.startswith("platform/vision/") for user in users)


@pytest.mark.parametrize("library", ADAPTERS)
def test_heavy_libraries_are_imported_late_and_in_their_adapter(library: str) -> None:
    uses = [
        (str(path.relative_to(ROOT)), at_import)
        for path in sources("platform", "apps", "infra")
        for module, at_import in imports(path)
        if module.split(".")[0] == library
    ]
    assert uses, f"{library} is not used at all: it should not be a requirement"
    assert [use for use in uses if not use[0].startswith(ADAPTERS[library])] == []
    assert [path for path, at_import in uses if at_import] == []


def test_no_web_server_opens_colour_profiles_from_outside() -> None:
    """The decoder's child does, and a worker that looks for objects."""
    uses = {
        str(path.relative_to(ROOT))
        for path in sources("platform", "apps")
        if "ImageCms" in path.read_text(encoding="utf-8")
    }
    assert uses == {
        "platform/vision/decoder/canvas.py",
        "platform/vision/decoder/facts.py",
        "platform/vision/srgb.py",
    }


def test_the_bucket_is_only_imported_where_it_is_set() -> None:
    uses = {
        str(path.relative_to(ROOT))
        for path in sources("platform", "apps")
        for module, at_import in imports(path)
        if at_import and (module.split(".")[0] == "storages" or module == BUCKET)
    }
    assert uses == {"apps/gallery/storage/bucket.py"}


def test_every_file_is_one_idea_long() -> None:
    too_long = {
        str(path.relative_to(ROOT)): count
        for path in sources(*SOURCE_FOLDERS)
        if (count := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert too_long == {}


def test_imports_point_downwards() -> None:
    """Also those inside functions: an import that comes late is still an arrow in the layout."""
    height = {package: level for level, layer in enumerate(LAYERS) for package in layer}
    upwards = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in sources("platform", "apps")
        for module, _ in imports(path)
        if (own := path.relative_to(ROOT).parts[1]) != (other := module.split(".")[0])
        and other in height
        and height[other] >= height[own]
        and str(path.relative_to(ROOT)) not in COMPOSITION_ROOT
    ]
    assert upwards == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    found = {_module_name(path): path for path in sources("platform", "apps")}
    arrows = {
        # The packages that a module lies in are imported with it anyway.
        name: {to for to, _ in imports(path) if to in found and not f"{name}.".startswith(f"{to}.")}
        for name, path in found.items()
    }
    assert _find_circle(arrows) == []


def _module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts[1:]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _find_circle(arrows: dict[str, set[str]]) -> list[str]:
    """Return the modules of one circle of imports, in order; empty where there is none."""
    finished: set[str] = set()

    def follow(name: str, way: list[str]) -> list[str]:
        if name in way:
            return [*way[way.index(name) :], name]
        if name not in finished:
            for target in sorted(arrows[name]):
                if circle := follow(target, [*way, name]):
                    return circle
            finished.add(name)
        return []

    for name in sorted(arrows):
        if circle := follow(name, []):
            return circle
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
