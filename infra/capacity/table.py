"""The tables of infra/README.md."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from infra.capacity.cost import fixed_monthly, per_thousand
from infra.capacity.inputs import Inputs
from infra.capacity.measured import Measured
from infra.capacity.policy import Scaling
from infra.capacity.prices import PRICES
from infra.capacity.scenarios import Scenario, scenarios
from infra.capacity.work import mean_service
from infra.config import DEV, PROD, Tasks

README = Path(__file__).resolve().parents[1] / "README.md"
START, END = "<!-- capacity -->", "<!-- /capacity -->"
PRICES_NOTE = (
    "The prices, in us-east-1. Those at AWS's own address could not be read there: they are known "
    "from that year, and unconfirmed."
)
HEAD = (
    "edits an hour",
    "most tasks",
    "tasks kept busy, on average / in a burst",
    "keeps up",
    "tasks billed, mean / peak",
    "on demand / Spot",
    "cost of 1,000 edits",
    "of it tasks",
    "median wait",
    "p95 wait",
    "p99 wait",
    "work lost to interruptions",
)


def document() -> str:
    """All tables, in Markdown."""
    inputs, measured = Inputs(), Measured.read()
    scaling = Scaling.of(PROD)
    rows = scenarios(scaling, inputs, measured)
    return "\n\n".join(
        [
            _note(scaling, inputs, measured),
            capacity_table(rows, PROD.workers["edits"], inputs),
            "What an environment costs a month while nobody comes:",
            fixed_table(),
            PRICES_NOTE,
            price_table(),
        ]
    )


def put_into(readme: str, tables: str) -> str:
    """The page with the tables between its markers. Raises ValueError where it has none."""
    if readme.count(START) != 1 or readme.count(END) != 1:
        raise ValueError(f"{README.name} needs {START} and {END}, once each")
    before, rest = readme.split(START)
    return f"{before}{START}\n{tables}\n{END}{rest.split(END)[1]}"


def capacity_table(rows: Iterable[Scenario], tasks: Tasks, inputs: Inputs) -> str:
    """Tasks, costs and waits by rate."""
    return _table(HEAD, (_row(row, tasks, inputs) for row in rows))


def fixed_table() -> str:
    """Of both environments."""
    dev, prod = fixed_monthly(DEV), fixed_monthly(PROD)
    rows = [(name, _usd(dev[name]), _usd(prod[name])) for name in dev]
    total = ("**together**", _usd(sum(dev.values())), _usd(sum(prod.values())))
    return _table(("what", "dev", "prod"), [*rows, total])


def price_table() -> str:
    """Every price with its date and source."""
    rows = ((one.name, f"{one.usd:g}", one.unit, one.as_of, f"<{one.source}>") for one in PRICES)
    return _table(("what", "USD", "per", "as of", "read at"), rows)


def _row(row: Scenario, tasks: Tasks, inputs: Inputs) -> tuple[str, ...]:
    outcome = row.outcome
    cost = per_thousand(outcome, tasks, inputs)
    billed = outcome.on_demand_seconds + outcome.spot_seconds
    on_demand = outcome.on_demand_seconds / billed
    waits = (_seconds(float(wait)) for wait in np.percentile(outcome.waits, (50, 95, 99)))
    return (
        f"{row.per_hour:,}",
        str(row.scaling.most),
        f"{_count(row.busy)} / {_count(row.busy_in_burst)}",
        row.keeps_up,
        f"{outcome.mean_tasks:.1f} / {outcome.peak_tasks}",
        f"{on_demand:.0%} / {1 - on_demand:.0%}",
        _usd(sum(cost.values())),
        _usd(cost["tasks"]),
        *waits,
        f"{outcome.lost_seconds:.1f} s in {outcome.interruptions}",
    )


def _count(tasks: float) -> str:
    return f"{tasks:.0f}" if tasks >= 10 else f"{tasks:.2g}"


def _note(scaling: Scaling, inputs: Inputs, measured: Measured) -> str:
    return (
        f"Filled with {measured.inpainter}: an edit keeps a task busy for "
        f"{mean_service(inputs, measured):.2f} s on average. prod has {scaling.least} to "
        f"{scaling.most} tasks and aims at {scaling.target:g} messages for a running task. "
        "A wait is from Remove to running."
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = tuple(head)
    lines = [titles, ("---",) * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _usd(amount: float) -> str:
    return f"${amount:,.2f}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"
