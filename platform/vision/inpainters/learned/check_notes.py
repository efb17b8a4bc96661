"""The notes of checks: which model passed with which runtime, and what was wrong otherwise."""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Self

from vision.errors import InpainterFailed
from vision.inpainters.learned.contracts import Contract
from vision.weight_files import compute_sha256

CHECK_VERSION = 1
"""Raise it when the check changes."""
_unwritten: "dict[tuple[str, Path], CheckNote]" = {}
"""The notes of this process that could not be written, by the contract's name and the model."""


@dataclass(frozen=True)
class CheckNote:
    """The result of a check, beside the model.

    Attributes:
        model: SHA-256 of the model's file.
        runtime: version of ONNX Runtime.
        check: `CHECK_VERSION` at that time.
        fault: what is wrong, for administrators; empty if the network passed.
    """

    model: str
    runtime: str
    check: int
    fault: str

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Return the note in the file. Return None if it is missing or can't be read."""
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def is_for(self, model: Path) -> bool:
        """Return whether it is about this model and the installed runtime."""
        expected = (_compute_digest(model), read_runtime_version(), CHECK_VERSION)
        return (self.model, self.runtime, self.check) == expected


def find_note(contract: Contract, model: Path, folders: tuple[Path, ...]) -> CheckNote | None:
    """Return the result of an earlier check of this model by this runtime, or None."""
    notes = [CheckNote.read(folder / _name_note(contract)) for folder in folders]
    for note in [*notes, _unwritten.get((contract.name, model))]:
        if note is not None and note.is_for(model):
            return note
    return None


def read_runtime_version() -> str:
    """Return the version of ONNX Runtime, or an empty string where it is not installed."""
    try:
        return version("onnxruntime")
    except PackageNotFoundError:
        return ""


def note_result(contract: Contract, model: Path, fault: str, folder: Path) -> CheckNote:
    """Return the note of a check of `model`, and write it into the folder.

    If that is not possible, this process alone remembers it.
    """
    note = CheckNote(_compute_digest(model), read_runtime_version(), CHECK_VERSION, fault)
    part = folder / f".{_name_note(contract)}.{os.getpid()}.part"
    try:
        part.write_text(json.dumps(asdict(note), indent=1), encoding="utf-8")
        part.replace(folder / _name_note(contract))
    except OSError:
        _unwritten[contract.name, model] = note
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return note


def build_fault_error(contract: Contract, note: CheckNote) -> InpainterFailed:
    """Return the error for a network that did not pass its check."""
    return build_unusable_error(contract, f"it did not pass its check: {note.fault}")


def build_runtime_missing_error(contract: Contract) -> InpainterFailed:
    """Return the error for a network where ONNX Runtime is not installed."""
    reason = "it needs ONNX Runtime, which is not installed here"
    return build_unusable_error(contract, reason, code="inpainter_unavailable")


def build_unusable_error(
    contract: Contract, reason: str, *, code: str = "inpainter_bad_graph"
) -> InpainterFailed:
    """Return the error for a network that can't be used here; `reason` is for administrators."""
    return InpainterFailed(
        f"{contract.title} does not work on this site. Choose another inpainter.",
        code=code,
        user_can_fix=False,
        detail=f"{contract.title} is off: {reason}. `python manage.py weights fetch --with"
        f" {contract.name}` checks it again with another version of ONNX Runtime.",
    )


def _name_note(contract: Contract) -> str:
    return f"{contract.name}_check.json"


def _compute_digest(path: Path) -> str:
    """Return the file's SHA-256, or an empty string if it can't be read."""
    try:
        return compute_sha256(path)
    except OSError:
        return ""
