"""The rooms of the project stay what they are called."""

import ast
import platform as standard_platform
from collections.abc import Iterator
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
    "platform/config/queue_service.py",
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
# Its storage is a base class; the one module that has it is named in settings, imported nowhere.
BUCKET = "gallery.storage.bucket"


def sources(*folders: str) -> list[Path]:
    """Every Python file of ours in the folders, migrations aside."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if not NOT_SOURCES & set(path.parts)]


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Each module that the file imports, and whether it does so while it is being imported."""
    tree = ast.parse(path.read_text())
    for node, at_import in _walk(tree, at_import=True):
        if isinstance(node, ast.Import):
            yield from ((alias.name, at_import) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, at_import


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


def test_every_task_has_its_queue() -> None:
    from config.celery import QUEUES, ROUTES, app
    from gallery import tasks as gallery_tasks
    from inpainting import tasks
    from webhooks import tasks as webhook_tasks

    assert gallery_tasks.keep_house.name in app.tasks
    assert {route["queue"] for route in ROUTES.values()} == set(QUEUES)
    assert tasks.run_next_edit.name in app.tasks
    assert webhook_tasks.send_due.name in app.tasks
    own = {name for name in app.tasks if not name.startswith("celery.")}
    assert own == set(ROUTES)
