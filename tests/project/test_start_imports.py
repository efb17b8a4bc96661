"""What the commands for photo files import before they start: little, so that they start fast."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {
    "ai_edge_litert", "allauth", "boto3", "celery", "drf_spectacular", "httpx", "onnx",
    "onnxruntime", "opentelemetry", "patchmatch", "rest_framework", "skimage", "tensorflow",
    "tf2onnx",
}  # fmt: skip

SHOW_HEAVY = f"""
import runpy, sys
sys.argv = sys.argv[1:]
sys.path.insert(0, {str(ROOT / "platform")!r})
try:
    if sys.argv[0] == "vision":
        runpy.run_module("vision", run_name="__main__", alter_sys=False)
    else:
        runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as end:
    assert not end.code, end.code
print("imported:", *sorted({HEAVY!r} & set(sys.modules)))
"""


def list_heavy_imports(*command: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", SHOW_HEAVY, *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()[-1]


@pytest.mark.parametrize("command", [("vision",), ("manage.py", "vanish")])
def test_the_commands_for_files_import_nothing_heavy(command: tuple[str, ...]) -> None:
    assert list_heavy_imports(*command, "--help") == "imported:"


def test_other_commands_load_the_apps() -> None:
    assert "rest_framework" in list_heavy_imports("manage.py", "check")
