"""`pip install .` installs `vision` alone, and it works without Django."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

USE = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"django", "celery", "rest_framework", "config", "gallery"}:
            raise ImportError(f"{name} is not part of the package")

sys.meta_path.insert(0, Refuse())

import numpy as np
import vision
from vision import masks, patches, removal
from vision.images import decode, encode
from vision.inpainters.registry import load_inpainter
from vision.weights import ModelStore
from pathlib import Path

folder = Path(sys.argv[1])
picture = decode(folder / "photo.png")
mask = masks.from_boxes(picture.pixels.shape[:2], [(20, 20, 12, 10)])
inpainter = load_inpainter("patchmatch", ModelStore(folder / "models"))
removed = removal.remove(picture, mask, inpainter)
after = picture.with_pixels(patches.apply(picture.pixels, removed))
result = decode(encode(after))
changed = (result.pixels != picture.pixels).any(axis=2)
assert changed.any() and not changed[mask == 0].any()
print(vision.__file__)
"""


@pytest.fixture(scope="module")
def package_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package as an installer puts it there."""
    source = tmp_path_factory.mktemp("source")
    target = tmp_path_factory.mktemp("installed")
    for name in ("pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "platform", source / "platform", ignore=ignored)
    uv = Path(sys.executable).with_name("uv")
    options = ("--no-deps", "--no-build-isolation", "--offline", "--python", sys.executable)
    result = subprocess.run(
        [uv, "pip", "install", "--quiet", *options, "--target", target, source],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    return target


def test_the_package_has_only_vision_and_its_command(package_folder: Path) -> None:
    packages = {entry.name for entry in package_folder.iterdir() if entry.is_dir()}

    assert {name for name in packages if not name.endswith(".dist-info")} == {"vision", "bin"}
    assert (package_folder / "bin/vanish").is_file()
    assert (package_folder / "vision/py.typed").is_file()
    assert (package_folder / "vision/weights.toml").is_file()
    assert (package_folder / "vision/decoder/__main__.py").is_file()


def run_python(package_folder: Path, folder: Path, *arguments: str) -> str:
    """Run Python in `folder` with the installed package alone; return what it prints."""
    from tests import images

    (folder / "photo.png").write_bytes(images.build_png(96, 64))
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    result = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=variables | {"PYTHONPATH": str(package_folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_the_package_edits_a_photo_without_django(package_folder: Path, tmp_path: Path) -> None:
    output = run_python(package_folder, tmp_path, "-c", USE, str(tmp_path))

    assert output == str(package_folder / "vision/__init__.py")


@pytest.mark.parametrize("start", ["-m vision", "bin/vanish"])
def test_the_command_of_the_package_edits_a_photo(
    package_folder: Path, tmp_path: Path, start: str
) -> None:
    command = start.split() if start.startswith("-m") else [str(package_folder / start)]
    output = run_python(
        package_folder, tmp_path, *command, "photo.png", "-o", "out.png", "--box", "20,20,12,10"
    )

    assert output == "out.png (patchmatch)"
    assert (tmp_path / "out.png").read_bytes() != (tmp_path / "photo.png").read_bytes()
