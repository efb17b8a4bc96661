"""README.md tells the truth about variables, files and addresses."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests import images
from vision.images import decode

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


def test_every_setting_is_explained_and_no_other() -> None:
    settings = (ROOT / "platform/config/settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    table = README.partition("## Configuration")[2].partition("\n\n##")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    explained = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}

    assert len(read) > 20
    assert explained == read


def test_everything_it_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)

    assert len(links) > 10
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_its_make_commands_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"`make ([a-z-]+)", README))

    assert named
    assert named <= targets


def test_its_python_example_runs(tmp_path: Path) -> None:
    code = README.partition("```python\n")[2].partition("```")[0]
    (tmp_path / "beach.jpg").write_bytes(images.build_jpeg(640, 520))
    done = subprocess.run(
        [sys.executable, "-W", "ignore::ResourceWarning", "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT / "platform")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr
    before, after = decode(tmp_path / "beach.jpg"), decode(tmp_path / "out.jpg")
    assert (after.format, after.width, after.height) == ("JPEG", before.width, before.height)
    assert (after.pixels != before.pixels).any()
