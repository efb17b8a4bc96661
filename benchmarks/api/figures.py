"""What was measured, as tables, and what of it is not as it must be."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median, quantiles

from benchmarks.api.client import Answer

MOST_TIMES, MOST_MORE = 1.5, 0.005


@dataclass
class Figure:
    """One operation: the seconds and queries of each call, and its bare view's seconds."""

    operation: str
    method: str
    path: str
    is_list: bool = False
    seconds: list[float] = field(default_factory=list)
    bare_seconds: list[float] = field(default_factory=list)
    queries: set[int] = field(default_factory=set)
    rows: int = 0
    few: int = 0
    many: int = 0

    @property
    def allowed(self) -> float:
        """Seconds that a list may take."""
        return MOST_TIMES * median(self.bare_seconds) + MOST_MORE

    def add(self, answer: Answer, bare: Answer | None) -> None:
        """One more call."""
        self.seconds.append(answer.seconds)
        self.queries.add(answer.queries)
        if bare is not None:
            self.bare_seconds.append(bare.seconds)


def rows_of(answer: Answer) -> int:
    """How many rows a list showed."""
    return len(answer.json()["results"])


def faults(figures: Iterable[Figure]) -> list[str]:
    """Lists that are too slow, or ask more often for more rows."""
    lists = [figure for figure in figures if figure.is_list]
    return [
        *(
            f"{each.operation} took {_ms(median(each.seconds))} ms, allowed {_ms(each.allowed)} ms"
            for each in lists
            if median(each.seconds) > each.allowed
        ),
        *(
            f"{each.operation} asked {each.few} times for 25 rows and {each.many} for {each.rows}"
            for each in lists
            if each.few != each.many
        ),
    ]


def tables(figures: list[Figure]) -> list[str]:
    """Lists first, then all operations."""
    return ["## Lists", _lists(figures), "## All operations", _all(figures)]


def _lists(figures: Iterable[Figure]) -> str:
    lines = [
        "| list, ms | p50 | p95 | bare p50 | bare p95 | allowed | rows | queries, 25 and all |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for each in (figure for figure in figures if figure.is_list):
        times = [_ms(_p50(each.seconds)), _ms(_p95(each.seconds))]
        bare = [_ms(_p50(each.bare_seconds)), _ms(_p95(each.bare_seconds)), _ms(each.allowed)]
        lines.append(
            _row(
                f"`{_short(each.path)}`",
                *times,
                *bare,
                str(each.rows),
                str(each.few),
                str(each.many),
            )
        )
    return "\n".join(lines)


def _all(figures: Iterable[Figure]) -> str:
    lines = ["| operation | call | p50, ms | p95, ms | queries |", "|---|---|---|---|---|"]
    for each in figures:
        times = [_ms(_p50(each.seconds)), _ms(_p95(each.seconds))]
        queries = "–".join(str(number) for number in sorted({min(each.queries), max(each.queries)}))
        call = f"{each.method} `{_short(each.path)}`"
        lines.append(_row(f"`{each.operation}`", call, *times, queries))
    return "\n".join(lines)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _short(path: str) -> str:
    return path.removeprefix("/api/v1/")


def _p50(seconds: list[float]) -> float:
    return median(seconds)


def _p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"
