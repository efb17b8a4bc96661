"""buildah and podman with their own storage, and what they need to run as root."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

PROGRAMS = {"buildah": "buildah", "podman": "podman", "runc": "runc", "debootstrap": "debootstrap"}
"""Each program and its Debian package."""

PLACE = "/var/tmp"  # noqa: S108  layers need a disk, neither memory nor another overlay
NEEDED_GB = 14


class Failed(Exception):
    """A step that failed; the message says what and why."""


def list_missing() -> list[str]:
    """Return what is missing on this machine."""
    missing = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    if os.geteuid() != 0:
        missing.insert(0, "root's rights")
    if shutil.disk_usage(PLACE).free < NEEDED_GB * 10**9:
        missing.append(f"{NEEDED_GB} GB of disk below {PLACE}")
    return missing


def run_command(
    *command: str | Path,
    check: bool = True,
    is_shown: bool = False,
    seconds: float = 1200,
    variables: dict[str, str] | None = None,
) -> "subprocess.CompletedProcess[str]":
    """Run a command; show its output at once where `is_shown`, else return it.

    Raises Failed with its last lines.
    """
    words = [str(word) for word in command]
    result = subprocess.run(
        words,
        stdout=None if is_shown else subprocess.PIPE,
        stderr=subprocess.STDOUT if not is_shown else None,
        text=True,
        check=False,
        timeout=seconds,
        env=os.environ | (variables or {}),
    )
    if check and result.returncode:
        last = "\n".join((result.stdout or "").splitlines()[-30:])
        raise Failed(f"{' '.join(words[:6])} … ended with {result.returncode}\n{last}")
    return result


class Store:
    """Images and containers in one folder, apart from those of the machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run_buildah(self, *arguments: str | Path, is_shown: bool = False) -> str:
        """Run buildah and return its output. Raises Failed."""
        result = run_command(
            "buildah", *self._list_options(), *arguments, is_shown=is_shown, variables=_OVERLAY
        )
        return (result.stdout or "").strip()

    def run_podman(
        self, *arguments: str | Path, check: bool = True
    ) -> "subprocess.CompletedProcess[str]":
        """Run podman. Raises Failed where `check` and it fails."""
        options = ("--cgroup-manager", "cgroupfs", *self._list_options())
        return run_command("podman", *options, *arguments, check=check, variables=_OVERLAY)

    def remove(self) -> None:
        """Remove all containers, also running ones, all images and the folder."""
        self.run_podman("rm", "--all", "--force", check=False)
        self.run_podman("rmi", "--all", "--force", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _list_options(self) -> Sequence[str | Path]:
        return ("--root", self.folder / "storage", "--runroot", self.folder / "run")


_OVERLAY = {"STORAGE_DRIVER": "overlay"}
