"""`make setup` on machines that lack something fails with one clear line and can be repeated."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("sh", "cat", "cksum", "df", "awk", "grep", "rm")
STAMP = ".venv/installed"


class Machine:
    """A checkout of the files that the set-up reads, and a PATH with only chosen programs."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "checkout"
        self.programs = folder / "bin"
        self.programs.mkdir()
        for name in TOOLS:
            found = shutil.which(name)
            assert found
            (self.programs / name).symlink_to(found)
        shutil.copytree(ROOT / "requirements", self.checkout / "requirements")
        (self.checkout / "tools").mkdir()
        script = "tools/setup.sh"
        shutil.copy(ROOT / script, self.checkout / script)

    def add_program(self, name: str, script: str) -> None:
        """Put a shell script on the path."""
        program = self.programs / name
        program.unlink(missing_ok=True)
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def add_python(self) -> None:
        """Put this test run's Python on the path, outside its virtual environment."""
        self.add_program("python3", f'exec {Path(sys.executable).resolve()} "$@"')

    def set_up(self, kind: str = "run", **variables: str) -> "subprocess.CompletedProcess[str]":
        """Run the set-up, without any index to install from."""
        environment = {
            "PATH": str(self.programs),
            "HOME": str(self.checkout),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
            "PIP_RETRIES": "0",
        }
        return subprocess.run(
            ["/bin/sh", "tools/setup.sh", kind],
            cwd=self.checkout,
            env=environment | variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def mark_installed(self, kind: str) -> None:
        """Create the files that a finished set-up leaves."""
        (self.checkout / ".venv/bin").mkdir(parents=True)
        (self.checkout / ".venv/bin/python").symlink_to(sys.executable)
        files = [self.checkout / "requirements" / f"{name}.txt" for name in ("setup", kind)]
        content = b"".join(file.read_bytes() for file in files)
        checksum = subprocess.run(
            [self.programs / "cksum"], input=content, capture_output=True, check=True
        )
        (self.checkout / STAMP).write_text(f"{kind} {checksum.stdout.decode().strip()}\n")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine without any Python."""
    return Machine(tmp_path)


def test_without_the_right_python_the_needed_version_is_named(machine: Machine) -> None:
    machine.add_program("python3", "exit 1")
    result = machine.set_up()

    assert result.returncode == 1
    assert "Python 3.12 or 3.13 is needed" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not (machine.checkout / ".venv").exists()


def test_only_the_chosen_python_is_tried(machine: Machine) -> None:
    machine.add_python()
    result = machine.set_up(PYTHON="/nowhere/python3.12")

    assert result.returncode == 1
    assert "Python 3.12 or 3.13 is needed" in result.stderr


def test_a_python_without_venv_is_refused_by_name(machine: Machine) -> None:
    machine.add_program("python3", 'case "$2" in *ensurepip*) exit 1 ;; esac')
    result = machine.set_up()

    assert result.returncode == 1
    assert "python3 has no venv module" in result.stderr


def test_a_full_disk_is_detected_before_anything_is_written(machine: Machine) -> None:
    machine.add_python()
    machine.add_program("df", "echo header; echo 'disk 9999999 9000000 102400 99% /'")
    result = machine.set_up()

    assert result.returncode == 1
    assert "100 MB are free" in result.stderr
    assert not (machine.checkout / ".venv").exists()


def test_without_network_it_fails_with_a_message_and_starts_over_next_time(
    machine: Machine,
) -> None:
    machine.add_python()
    first = machine.set_up()
    second = machine.set_up()

    for result in (first, second):
        assert result.returncode == 1
        assert "could not be downloaded" in result.stderr.splitlines()[-1]
        assert "Creating .venv" in result.stdout
    assert not (machine.checkout / STAMP).exists()


@pytest.mark.parametrize("kind", ["run", "dev"])
def test_a_complete_installation_is_left_alone(machine: Machine, kind: str) -> None:
    machine.mark_installed(kind)
    result = machine.set_up("run")

    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_changed_requirements_are_installed_into_the_existing_venv(machine: Machine) -> None:
    machine.mark_installed("run")
    with (machine.checkout / "requirements/run.txt").open("a") as lines:
        lines.write("# changed\n")
    result = machine.set_up()

    assert "Creating .venv" not in result.stdout
    assert "Installing requirements/run.txt" in result.stdout
    assert not (machine.checkout / STAMP).exists()


def test_requirements_are_pinned_with_hashes_and_name_no_index() -> None:
    for kind in ("setup", "run", "dev"):
        text = (ROOT / f"requirements/{kind}.txt").read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
        pinned = [line for line in text.splitlines() if line and line[0] not in " #"]
        assert all("==" in line for line in pinned)
