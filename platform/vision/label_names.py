"""Names of objects as people send them: known or not, near others, and found in a picture."""

import difflib
import tomllib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from vision.detectors.labels import LABELS, find_parents
from vision.errors import VisionError

IfMissing = Literal["ignore", "fail"]
IGNORE: IfMissing = "ignore"
FAIL: IfMissing = "fail"
IF_MISSING = (IGNORE, FAIL)

_TABLES = tomllib.loads(Path(__file__).with_name("near_labels.toml").read_text("utf-8"))
GROUPS: dict[str, list[str]] = _TABLES["groups"]
"""Names that stand for several labels."""
_CONFUSED: list[list[str]] = [*GROUPS.values(), *_TABLES["confused"]]
_WORDS: dict[str, list[str]] = _TABLES["words"]
ACCEPTED_LABELS = tuple(sorted({*LABELS, *GROUPS}))
"""What callers may send where the local detector looks for objects."""

_LEAST_LIKENESS = 0.8  # of two spellings, 0..1: "preson" has 0.83 of "person"
_MOST_NAMED = 5


class Labelled(Protocol):
    """An object that was found, with its label and its broader labels."""

    @property
    def label(self) -> str:
        """The detector's name of it."""

    @property
    def parents(self) -> Sequence[str]:
        """The detector's broader names of it."""


@dataclass(frozen=True)
class LabelMatch[Item: Labelled]:
    """The objects that labels name, each once, and the labels that name none of them."""

    found: list[Item]
    missing: tuple[str, ...]


def normalize_label(label: str) -> str:
    """Return the label in lower case, with single spaces."""
    return " ".join(label.lower().split())


def match_labels[Item: Labelled](
    labels: Iterable[str], objects: Sequence[Item]
) -> LabelMatch[Item]:
    """Choose the objects that have one of `labels`, or one of them as a broader name.

    Labels are matched as they are: a car that was found as a truck is not chosen by "car", because
    a caller may want to keep the trucks; "vehicle" chooses both.
    """
    wanted = list(dict.fromkeys(map(normalize_label, labels)))
    found = [each for each in objects if any(_has_name(each, label) for label in wanted)]
    missing = [label for label in wanted if not any(_has_name(each, label) for each in objects)]
    return LabelMatch(found, tuple(missing))


def _has_name(item: Labelled, label: str) -> bool:
    return label in (item.label, *item.parents) or item.label in GROUPS.get(label, ())


def find_near_labels(label: str, known: Collection[str]) -> list[str]:
    """Return those of the `known` labels that may be meant by `label`, the likeliest first.

    These are labels that people or detectors take for it, and labels that are spelt alike. The
    label itself is not among them.
    """
    name = normalize_label(label)
    alike = difflib.get_close_matches(name, sorted(known), n=3, cutoff=_LEAST_LIKENESS)
    confused = [member for members in _CONFUSED if name in members for member in members]
    broader = [group for group, members in GROUPS.items() if name in members]
    parents = find_parents(name)
    siblings = [other for other in LABELS if parents and find_parents(other) == parents]
    candidates = [*_WORDS.get(name, ()), *alike, *confused, *broader, *parents, *siblings]
    return [each for each in dict.fromkeys(candidates) if each in known and each != name]


def find_unsupported_labels(labels: Iterable[str], detector_name: str) -> list[str]:
    """Return the labels that the detector can never find; only the local one's list is known."""
    if detector_name != "local":
        return []
    return [label for label in labels if normalize_label(label) not in ACCEPTED_LABELS]


def check_labels(labels: Sequence[str], detector_name: str) -> None:
    """Raise VisionError (label_unsupported) for a label that the detector can never find."""
    for label in find_unsupported_labels(labels, detector_name):
        raise VisionError(describe_unsupported(label), code="label_unsupported")


def describe_unsupported(label: str) -> str:
    """Return sentences for people: the label is not known, and which near ones are."""
    near = find_near_labels(label, ACCEPTED_LABELS)
    hint = f"Near it: {_join(near)}." if near else f"It knows: {', '.join(ACCEPTED_LABELS)}."
    return f"The local detector does not know “{label}”. {hint}"


def describe_missing(missing: Sequence[str], found: Iterable[str]) -> str:
    """Return sentences for people: `missing` labels are not in the photo, near and other ones are.

    `found`: the labels of the objects in it.
    """
    names = [f"“{label}”" for label in missing[:_MOST_NAMED]]
    others = sorted(set(found))
    near = {label: find_near_labels(label, others) for label in missing[:_MOST_NAMED]}
    choices = [_describe_choice(label, names) for label, names in near.items() if names]
    absent = f"There is no {' and no '.join(names)} in this photo."
    return " ".join([absent, *choices, f"Found: {', '.join(others) or 'nothing'}."])


def _describe_choice(label: str, near: Sequence[str]) -> str:
    """Offer the near labels in a photo, and the group's name that stands for all of them."""
    groups = [name for name, members in GROUPS.items() if {label, *near} <= set(members)]
    parents = find_parents(label)
    broad = [*groups, *(name for name in parents if name not in near)]
    choice = f"; “{broad[0]}” stands for all of them" if broad else ""
    return f"Near “{label}” is {_join(near)}{choice}."


def _join(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names[:_MOST_NAMED])
