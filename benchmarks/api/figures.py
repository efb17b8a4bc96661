"""The measured figures, their tables, and the lists that break a rule."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median, quantiles

from benchmarks.api.client import TimedResponse

MAX_RATIO, MAX_EXTRA_SECONDS = 1.5, 0.005


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
    queries_for_25: int = 0
    queries_for_all: int = 0

    @property
    def allowed(self) -> float:
        """The seconds that a list may take."""
        return MAX_RATIO * median(self.bare_seconds) + MAX_EXTRA_SECONDS

    def add(self, response: TimedResponse, bare: TimedResponse | None) -> None:
        """Add one call."""
        self.seconds.append(response.seconds)
        self.queries.add(response.queries)
        if bare is not None:
            self.bare_seconds.append(bare.seconds)


def count_rows(response: TimedResponse) -> int:
    """Return the number of rows in a list's response."""
    return len(response.read_json()["results"])


def find_faults(figures: Iterable[Figure]) -> list[str]:
    """Return a sentence for each list that is too slow or needs more queries for more rows."""
    lists = [figure for figure in figures if figure.is_list]
    return [
        *(
            f"{each.operation} took {_format_ms(median(each.seconds))} ms,"
            f" allowed {_format_ms(each.allowed)} ms"
            for each in lists
            if median(each.seconds) > each.allowed
        ),
        *(
            f"{each.operation} needed {each.queries_for_25} queries for 25 rows"
            f" and {each.queries_for_all} for {each.rows}"
            for each in lists
            if each.queries_for_25 != each.queries_for_all
        ),
    ]


def format_tables(figures: list[Figure]) -> list[str]:
    """Return headings and tables: the lists, then all operations."""
    return ["## Lists", _format_lists(figures), "## All operations", _format_operations(figures)]


def _format_lists(figures: Iterable[Figure]) -> str:
    lines = [
        "| list, ms | p50 | p95 | bare p50 | bare p95 | allowed | rows | queries, 25 and all |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for each in (figure for figure in figures if figure.is_list):
        times = [_format_ms(_compute_p50(each.seconds)), _format_ms(_compute_p95(each.seconds))]
        bare = [
            _format_ms(_compute_p50(each.bare_seconds)),
            _format_ms(_compute_p95(each.bare_seconds)),
            _format_ms(each.allowed),
        ]
        lines.append(
            _format_row(
                f"`{_shorten_path(each.path)}`",
                *times,
                *bare,
                str(each.rows),
                str(each.queries_for_25),
                str(each.queries_for_all),
            )
        )
    return "\n".join(lines)


def _format_operations(figures: Iterable[Figure]) -> str:
    lines = ["| operation | call | p50, ms | p95, ms | queries |", "|---|---|---|---|---|"]
    for each in figures:
        times = [_format_ms(_compute_p50(each.seconds)), _format_ms(_compute_p95(each.seconds))]
        queries = "–".join(str(number) for number in sorted({min(each.queries), max(each.queries)}))
        call = f"{each.method} `{_shorten_path(each.path)}`"
        lines.append(_format_row(f"`{each.operation}`", call, *times, queries))
    return "\n".join(lines)


def _format_row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _shorten_path(path: str) -> str:
    return path.removeprefix("/api/v1/")


def _compute_p50(seconds: list[float]) -> float:
    return median(seconds)


def _compute_p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1]


def _format_ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"
