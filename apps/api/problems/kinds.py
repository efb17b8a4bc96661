"""What the registry says of each cause."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProblemKind:
    """One cause of a refusal.

    `statuses` are the HTTP statuses that it comes with; none, where it is only told as the `error`
    of an edit or a detection run that failed. `means` and `remedy` are sentences for people.
    """

    code: str
    statuses: tuple[int, ...]
    title: str
    means: str
    remedy: str


@dataclass(frozen=True)
class Chapter:
    """Causes that belong together."""

    title: str
    kinds: tuple[ProblemKind, ...]
