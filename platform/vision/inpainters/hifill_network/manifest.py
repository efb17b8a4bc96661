"""The manifest beside the ONNX model: which graph it was made from, and what the proof found."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Self

from vision.inpainters.hifill_network.proof import Difference
from vision.weight_files import compute_sha256

MANIFEST = "hifill_onnx.json"
MODEL = "hifill.onnx"
RUNTIME = "onnxruntime"


@dataclass(frozen=True)
class Manifest:
    """The result of one conversion.

    Attributes:
        source: SHA-256 of the frozen graph.
        versions: of the conversion and every package that took part, by name.
        model: SHA-256 of the ONNX model; empty if the model was rejected.
        difference: largest differences between model and graph; None if the model was rejected.
        reason: why the model was rejected; empty if it was not.
    """

    source: str
    versions: dict[str, str]
    model: str = ""
    difference: Difference | None = None
    reason: str = ""

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Read the folder's manifest. Return None if it is missing or can't be read."""
        try:
            content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            difference = content["difference"]
            if difference is not None:
                difference = Difference(float(difference["pixels"]), float(difference["attention"]))
            model, reason = str(content["model"]), str(content["reason"])
            return cls(content["source"], dict(content["versions"]), model, difference, reason)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, folder: Path) -> None:
        """Write the manifest into the folder. Raise OSError if that fails."""
        text = json.dumps(asdict(self), indent=1, sort_keys=True)
        (folder / MANIFEST).write_text(text, encoding="utf-8")

    def matches_model(self, folder: Path) -> bool:
        """Return whether the folder's model is the one that was proven, byte for byte."""
        return self.model != "" and _compute_digest(folder / MODEL) == self.model


def find_proven_model(graph: Path, folders: Sequence[Path]) -> Path | None:
    """Return the first ONNX model that may run in the graph's place, or None.

    The manifest beside it must be for this graph, the model's file must be the one that was
    proven, and the installed ONNX Runtime the version that it was proven with.

    Args:
        graph: the released graph.
        folders: where the model may lie.
    """
    source, runtime = _compute_digest(graph), read_version(RUNTIME)
    for folder in folders:
        manifest = Manifest.read(folder)
        if (
            manifest is not None
            and manifest.source == source
            and manifest.versions.get(RUNTIME) == runtime != ""
            and manifest.matches_model(folder)
        ):
            return folder / MODEL
    return None


def read_version(*packages: str) -> str:
    """Return the version of the first of these packages that is installed, or an empty string."""
    for package in packages:
        try:
            return version(package)
        except PackageNotFoundError:
            continue
    return ""


def _compute_digest(path: Path) -> str:
    """Return the file's SHA-256, or an empty string if it can't be read."""
    try:
        return compute_sha256(path)
    except OSError:
        return ""
