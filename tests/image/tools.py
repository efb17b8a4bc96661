"""buildah and podman, with a storage of their own, and what both need to run as root here."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

PROGRAMS = {"buildah": "buildah", "podman": "podman", "runc": "runc", "debootstrap": "debootstrap"}
"""Program and the Debian package that has it."""

PLACE = "/var/tmp"  # noqa: S108  layers need a disk, neither memory nor another overlay
NEEDED_GB = 14


class Failed(Exception):
    """A step did not do what it must; the text says what and why."""


def missing() -> list[str]:
    """What is not here."""
    absent = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    if os.geteuid() != 0:
        absent.insert(0, "root's rights")
    if shutil.disk_usage(PLACE).free < NEEDED_GB * 10**9:
        absent.append(f"{NEEDED_GB} GB of disk below {PLACE}")
    return absent


def do(
    *command: str | Path,
    check: bool = True,
    told: bool = False,
    seconds: float = 1200,
    more: dict[str, str] | None = None,
) -> "subprocess.CompletedProcess[str]":
    """Run a command; what it writes is shown as it comes where `told`, else kept.

    Raises Failed with its last lines.
    """
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        stdout=None if told else subprocess.PIPE,
        stderr=subprocess.STDOUT if not told else None,
        text=True,
        check=False,
        timeout=seconds,
        env=os.environ | (more or {}),
    )
    if check and done.returncode:
        last = "\n".join((done.stdout or "").splitlines()[-30:])
        raise Failed(f"{' '.join(words[:6])} … ended with {done.returncode}\n{last}")
    return done


class Store:
    """Images and containers below one folder, apart from the machine's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def buildah(self, *arguments: str | Path, told: bool = False) -> str:
        """What it prints. Raises Failed."""
        done = do("buildah", *self._places(), *arguments, told=told, more=_OVERLAY)
        return (done.stdout or "").strip()

    def podman(
        self, *arguments: str | Path, check: bool = True
    ) -> "subprocess.CompletedProcess[str]":
        """Raises Failed where it must go well and does not."""
        options = ("--cgroup-manager", "cgroupfs", *self._places())
        return do("podman", *options, *arguments, check=check, more=_OVERLAY)

    def remove(self) -> None:
        """All of it, also what still runs."""
        self.podman("rm", "--all", "--force", check=False)
        self.podman("rmi", "--all", "--force", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _places(self) -> Sequence[str | Path]:
        return ("--root", self.folder / "storage", "--runroot", self.folder / "run")


_OVERLAY = {"STORAGE_DRIVER": "overlay"}
