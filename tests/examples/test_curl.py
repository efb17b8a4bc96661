"""The commands of the curl walk-through, run against a running server."""

import os
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.installation import ROOT, Installation
from vision.images import decode

pytestmark = pytest.mark.whole_way


def read_commands() -> str:
    """Return all commands that a reader would type."""
    text = (ROOT / "examples/curl.md").read_text(encoding="utf-8")
    return "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))


def test_every_command_works_as_described(installation: Installation, tmp_path: Path) -> None:
    result = subprocess.run(
        ["/usr/bin/env", "bash", "-euo", "pipefail", "-c", read_commands()],
        cwd=tmp_path,
        env=os.environ | {"VANISH_SERVER": installation.url},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.strip().endswith("unknown_label")
    before = decode(tmp_path / "photo.jpg").pixels
    for name in ("without-dog.jpg", "vanished.jpg"):
        after = decode(tmp_path / name).pixels
        changed = float(np.mean((before != after).any(axis=2)))
        assert 0.001 < changed < 0.5, name
    small = decode(tmp_path / "small.webp")
    assert max(small.width, small.height) == 800
