"""Runs modules of this package in .venv-bench, where opencv-contrib and FLIP are."""

import subprocess
from collections.abc import Iterable

from benchmarks.vision.files import ROOT

PYTHON = ROOT / ".venv-bench/bin/python"


def run_elsewhere(module: str, names: Iterable[str]) -> None:
    """Run `benchmarks.vision.<module>` on the cases of these names."""
    command = [str(PYTHON), "-m", f"benchmarks.vision.{module}", *names]
    subprocess.run(command, cwd=ROOT, check=True)
