"""`python -m infra.capacity` prints the tables; with `--write` they go into infra/README.md."""

import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from infra.capacity import INPAINTER, INPUTS, Inputs
from infra.capacity.costs import compute_edit_costs, compute_fixed_costs, find_limits, judge_limit
from infra.capacity.simulation import HOUR, Simulation, TargetTracking, build_edits
from infra.config import DEV, PROD, Tasks

README = Path(__file__).resolve().parents[1] / "README.md"
START, END = "<!-- capacity -->", "<!-- /capacity -->"
HOURS = {10: 1000, 1_000: 96, 100_000: 12}
"""How many hours of each rate are simulated, after one to warm up: percentiles need many edits."""
LIMITS_HEAD = f"limit of prod|one edit uses|at most there is|all in use at, edits an hour|enough \
for {' an hour|for '.join(f'{rate:,}' for rate in HOURS)} an hour"
QUEUE_HEAD = "edits an hour|tasks billed, mean / peak|on demand / Spot|cost of 1,000 edits / of \
it tasks of edits|median wait|p95 wait|p99 wait|work lost to interruptions"


def simulate(rate: int, size: Tasks, target: float, inputs: Inputs) -> Simulation:
    """Simulate one rate, in edits an hour."""
    hours = HOURS[rate] + 1
    policy = TargetTracking(size, target, inputs)
    return Simulation(build_edits(rate, hours, inputs), policy, inputs, (HOUR, hours * HOUR)).run()


def build_document() -> str:
    """Build the tables of the README, in Markdown."""
    limits = [
        (name, uses, has, f"{full:,.0f}", *(judge_limit(full, rate, INPUTS) for rate in HOURS))
        for name, uses, has, full in find_limits(PROD, INPUTS)
    ]
    lacking = "; ".join(f"{name} ({verdict})" for name, *_, verdict in limits if verdict != "yes")
    fixed = compute_fixed_costs(DEV, INPUTS), compute_fixed_costs(PROD, INPUTS)
    costs = [(name, *(f"${cost[name]:,.2f}" for cost in fixed)) for name in fixed[0]]
    costs.append(("**together**", *(f"${sum(cost.values()):,.2f}" for cost in fixed)))
    parts = [
        f"Not enough for {max(HOURS):,} edits an hour, the first limit first: {lacking}.",
        format_table(LIMITS_HEAD, limits),
        f"The edits queue of prod, filled with {INPAINTER}; a wait is from Remove to running:",
        format_table(QUEUE_HEAD, (build_queue_row(rate) for rate in HOURS)),
        "The cost of an environment for a month without users:",
        format_table("what|dev|prod", costs),
    ]
    return "\n\n".join(parts)


def build_queue_row(rate: int) -> list[str]:
    """Simulate the edits queue of prod at one rate, and build its row."""
    run = simulate(rate, PROD.workers["edits"], PROD.backlog_per_task["edits"], INPUTS)
    cost = compute_edit_costs(run, PROD, INPUTS)
    billed = run.on_demand_seconds + run.spot_seconds
    return [
        f"{rate:,}",
        f"{billed / HOUR / HOURS[rate]:.1f} / {run.peak_tasks}",
        f"{run.on_demand_seconds / billed:.0%} / {run.spot_seconds / billed:.0%}",
        f"${sum(cost.values()):,.2f} / ${cost['tasks of edits']:,.2f}",
        *(f"{wait:.3g} s" for wait in np.percentile(run.waits, (50, 95, 99))),
        f"{run.lost_seconds:.1f} s in {run.interruptions}",
    ]


def format_table(head: str, rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table; the head's cells are divided by bars."""
    titles = head.split("|")
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def insert_tables(page: str, tables: str) -> str:
    """Return the page with the tables between its markers. Raises ValueError without these."""
    if page.count(START) != 1 or page.count(END) != 1:
        raise ValueError(f"{README.name} needs {START} and {END}, once each")
    before, rest = page.split(START)
    return f"{before}{START}\n{tables}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        README.write_text(insert_tables(README.read_text(), build_document()))
    else:
        print(build_document())
