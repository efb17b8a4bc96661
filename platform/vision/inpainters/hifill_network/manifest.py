"""The note beside the converted forms: which of them reproduce which graph, and how exactly."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Self

from vision.inpainters.hifill_network.forms import CONVERTED, FORMS, Form
from vision.inpainters.hifill_network.proof import Difference
from vision.weight_files import sha256_of

MANIFEST = "hifill_forms.json"


@dataclass(frozen=True)
class ProvenForm:
    """A converted form that reproduced the graph.

    Attributes:
        sha256: of its file.
        variant: of the graph, that was converted.
        difference: the largest that was found.
    """

    sha256: str
    variant: str
    difference: Difference


@dataclass(frozen=True)
class Manifest:
    """What one conversion came to.

    Attributes:
        source: SHA-256 of the frozen graph.
        versions: of everything that took part, by name.
        kept: the forms that reproduce the graph, by name.
        aside: why each of the other forms stepped aside, by name.
    """

    source: str
    versions: dict[str, str]
    kept: dict[str, ProvenForm]
    aside: dict[str, str]

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """The folder's manifest; None where there is none, or none that can be read."""
        try:
            told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            kept = {name: _proven(form) for name, form in told["kept"].items()}
            aside = dict(told["aside"])
            if not kept.keys() | aside.keys() <= {form.name for form in CONVERTED}:
                return None
            return cls(told["source"], dict(told["versions"]), kept, aside)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def write(self, folder: Path) -> None:
        """Write it into the folder, whole or not at all. Raises OSError."""
        write_json(folder / MANIFEST, asdict(self))

    def has_whole(self, name: str, folder: Path) -> bool:
        """Whether the form is kept, and its file lies in the folder as it was proven."""
        return name in self.kept and _digest(folder / _file(name)) == self.kept[name].sha256


def proven_forms(graph: Path, folders: Sequence[Path]) -> dict[str, Path]:
    """The converted forms that may run in the graph's place, by name.

    A form may where the manifest beside it is about this graph, its file is as it was when it was
    proven, and the runtime is the one it was proven in.

    Args:
        graph: the released graph.
        folders: where forms may lie; the first that has one gives it.
    """
    source = _digest(graph)
    found: dict[str, Path] = {}
    for folder in folders:
        manifest = Manifest.read(folder)
        if manifest is None or manifest.source != source:
            continue
        for form in CONVERTED:
            if _is_proven(form, manifest, folder):
                found.setdefault(form.name, folder / _file(form.name))
    return found


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write the file, whole or not at all. Raises OSError."""
    with NamedTemporaryFile(
        "w", dir=path.parent, prefix=f".{path.name}.", delete=False, encoding="utf-8"
    ) as copy:
        part = Path(copy.name)
        try:
            json.dump(content, copy, indent=1, sort_keys=True)
            copy.flush()
            part.chmod(0o644)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def _is_proven(form: Form, manifest: Manifest, folder: Path) -> bool:
    version = form.version()
    return (
        bool(version)
        and manifest.versions.get(form.name) == version
        and manifest.has_whole(form.name, folder)
    )


def _proven(told: dict[str, Any]) -> ProvenForm:
    """Raises KeyError, TypeError, ValueError where it can't be that."""
    found = told["difference"]
    difference = Difference(float(found["painted"]), float(found["attention"]))
    return ProvenForm(told["sha256"], told["variant"], difference)


def _file(name: str) -> str:
    return str(FORMS[name].file)


def _digest(path: Path) -> str:
    """Empty where there is no such file."""
    try:
        return sha256_of(path)
    except OSError:
        return ""
