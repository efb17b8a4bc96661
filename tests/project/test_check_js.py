"""`tools/check_js.sh` with stand-ins for Node, npm and the tools: what it runs and how it ends."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# npm installs tools. Each program notes its call, and fails where FAIL contains its name.
CALL = """#!/bin/sh
name=$(basename "$0")
echo "$name $*" >>calls
case "$FAIL" in *"$name"*) exit 1 ;; esac
"""
INSTALL = """
mkdir -p node_modules/.bin
cp .venv/bin/node node_modules/.bin/biome
cp .venv/bin/node node_modules/.bin/tsc
"""


class Checkout:
    """A folder with the script, the locked packages and a virtual environment with Node."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "tools").mkdir()
        (folder / ".venv/bin").mkdir(parents=True)
        for name in ("tools/check_js.sh", "package.json", "package-lock.json"):
            shutil.copy(ROOT / name, folder / name)
        self._add_program("node", CALL)
        self._add_program("npm", CALL + INSTALL)

    def _add_program(self, name: str, script: str) -> None:
        program = self.folder / ".venv/bin" / name
        program.write_text(script)
        program.chmod(0o755)

    def check(self, fail: str = "") -> "subprocess.CompletedProcess[str]":
        """Run the script; the programs that `fail` names fail."""
        return subprocess.run(
            ["/bin/sh", "tools/check_js.sh"],
            cwd=self.folder,
            env={"PATH": os.defpath, "FAIL": fail},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def read_calls(self) -> list[str]:
        """Return the first two words of each call."""
        lines = (self.folder / "calls").read_text().splitlines()
        return [" ".join(line.split()[:2]) for line in lines]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout that has not installed the tools yet."""
    return Checkout(tmp_path)


def test_all_checks_run_and_pass(checkout: Checkout) -> None:
    result = checkout.check()
    assert result.returncode == 0
    assert result.stdout.splitlines()[-1] == "JavaScript: lint, format, types and tests passed"
    calls = checkout.read_calls()
    assert calls == ["npm ci", "biome ci", "tsc --project", "tsc --project", "node --test"]


def test_the_tools_are_installed_again_only_after_a_change(checkout: Checkout) -> None:
    checkout.check()
    checkout.check()
    assert checkout.read_calls().count("npm ci") == 1
    lock = checkout.folder / "package-lock.json"
    lock.write_text(lock.read_text() + "\n")
    checkout.check()
    assert checkout.read_calls().count("npm ci") == 2


@pytest.mark.parametrize(
    ("fail", "names"),
    [
        ("biome", "lint and format"),
        ("tsc", "types of assets/js, types of tests/js"),
        ("node", "tests"),
        ("biome node", "lint and format, tests"),
    ],
)
def test_a_failure_is_named_and_the_other_checks_still_run(
    checkout: Checkout, fail: str, names: str
) -> None:
    result = checkout.check(fail)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == f"JavaScript: FAILED ({names})"
    assert "passed" not in result.stdout
    assert len(checkout.read_calls()) == 5


def test_a_failed_installation_is_not_taken_for_a_complete_one(checkout: Checkout) -> None:
    result = checkout.check("npm")
    assert result.returncode == 1
    assert "npm could not install the tools" in result.stderr
    assert checkout.check().returncode == 0
    assert checkout.read_calls().count("npm ci") == 2


def test_without_node_it_says_how_to_get_it(checkout: Checkout) -> None:
    (checkout.folder / ".venv/bin/node").unlink()
    result = checkout.check()
    assert result.returncode == 1
    assert "make setup-dev" in result.stderr
