"""Runs modules of this package in .venv-bench, which has opencv-contrib and FLIP."""

import subprocess
from collections.abc import Iterable

from benchmarks.vision.files import ROOT

PYTHON = ROOT / ".venv-bench/bin/python"


def run_module(module: str, names: Iterable[str]) -> None:
    """Run `benchmarks.vision.<module>` on the cases with these names."""
    command = [str(PYTHON), "-m", f"benchmarks.vision.{module}", *names]
    subprocess.run(command, cwd=ROOT, check=True)
