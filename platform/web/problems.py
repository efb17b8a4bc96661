"""Every cause of a refusal, read from problems.toml: its code, HTTP status and texts."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class ProblemKind:
    """One cause of a refusal; problems.toml describes the fields."""

    code: str
    title: str
    meaning: str
    remedy: str
    status: int | None = None
    status_if: Mapping[str, int] = field(default_factory=dict)

    @property
    def statuses(self) -> tuple[int, ...]:
        """All HTTP statuses of this cause; empty if it is only the error of a failed job."""
        return () if self.status is None else (self.status, *self.status_if.values())


@dataclass(frozen=True)
class Chapter:
    """A group of related causes."""

    title: str
    kinds: tuple[ProblemKind, ...]


def find_status(code: str, case: str = "") -> int:
    """Return the HTTP status of a cause, or of its `case` in `status_if`.

    Raises:
        LookupError: there is no such code or case, or the cause has no HTTP status.
    """
    kind = PROBLEMS.get(code)
    if kind is None:
        raise LookupError(f"problems.toml has no code “{code}”")
    status = kind.status_if.get(case) if case else kind.status
    if status is None:
        raise LookupError(f"problems.toml gives “{code}” no status for case “{case}”")
    return status


def _load_chapters() -> tuple[Chapter, ...]:
    document = tomllib.loads(Path(__file__).with_name("problems.toml").read_text("utf-8"))
    return tuple(
        Chapter(
            chapter["title"],
            tuple(ProblemKind(code, **entry) for code, entry in chapter["problems"].items()),
        )
        for chapter in document["chapters"]
    )


CHAPTERS = _load_chapters()
PROBLEMS = {kind.code: kind for chapter in CHAPTERS for kind in chapter.kinds}
