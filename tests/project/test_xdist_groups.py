"""Tests of one group run in one process, so what they share is created once."""

import subprocess
import sys
from pathlib import Path

TESTS = """
import os
from pathlib import Path

import pytest


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("group", [
    pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ("a", "b")
])
def test_records_its_process(group, number):
    worker = os.environ["PYTEST_XDIST_WORKER"]
    (Path(__file__).parent / f"{group}-{worker}").touch()
"""


def test_a_group_stays_in_one_process(tmp_path: Path) -> None:
    (tmp_path / "test_two_groups.py").write_text(TESTS)
    options = ["--numprocesses", "2", "--dist", "loadgroup", "--no-loadscope-reorder"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:django", *options]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
    processes = sorted(path.name.split("-")[0] for path in tmp_path.glob("?-gw?"))
    assert processes == ["a", "b"]
